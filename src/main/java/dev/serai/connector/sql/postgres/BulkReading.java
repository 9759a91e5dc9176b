package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource;
import dev.serai.rows.RowNote;

/**
 * A bulk read on its way: by COPY, or through a cursor where the source refuses COPY before its first row. Stopping it,
 * from whichever thread, cancels the statement at the server at once and throws the connection away; one that has ended,
 * or never began, gives its connection back.
 */
final class BulkReading implements PgCopySource.Partition, PgCopySource.Chunks {
    /** Either way's next bytes, as COPY sends them; null at the end. */
    private interface Way {
        byte @Nullable [] next() throws SQLException;

        default long sent() {
            return -1;
        }
    }

    private record Copy(CopyOut rows) implements Way {
        @Override
        public byte @Nullable [] next() throws SQLException {
            return rows.readFromCopy();
        }

        @Override
        public long sent() {
            return rows.getHandledRowCount();
        }
    }

    private final PostgresRead.Plan plan;
    private final CopyRefusals refusals;
    private final ConnectionPool.Lease lease;
    private final List<RowNote> notes;
    private Function<SQLException, Failure> meaning;
    private @Nullable Way way;
    private volatile @Nullable String refusal;
    private boolean running;
    private boolean stopped;

    /** @param notes to tell besides its own */
    BulkReading(ConnectionPool.Lease lease, PostgresRead.Plan plan, CopyRefusals refusals, List<RowNote> notes) {
        this.notes = notes;
        this.lease = lease;
        this.plan = plan;
        this.refusals = refusals;
        this.meaning = plan.copyMeaning();
    }

    @Override
    public PgCopySource.Chunks open() {
        synchronized (this) {
            if (stopped) {
                throw cancelled(null);
            }
            running = true;
        }
        refusal = refusals.of(plan.name());
        try {
            way = refusal == null ? copyIfTaken() : cursor();
            return this;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Way copyIfTaken() throws SQLException {
        Savepoint before = savepoint();
        try {
            return new Copy(lease.unwrap(PGConnection.class).getCopyAPI().copyOut(plan.copy()));
        } catch (SQLException e) {
            if (!CopyRefusals.isOne(e)) {
                throw e;
            }
            return cursorInstead(e, before);
        }
    }

    /** Null where the source knows none, such as some that only speak the protocol. */
    private @Nullable Savepoint savepoint() throws SQLException {
        try {
            return lease.setSavepoint();
        } catch (SQLException e) {
            if (!"0A000".equals(e.getSQLState()) && !"42601".equals(e.getSQLState())) {
                throw e;
            }
            lease.beginAgain();
            return null;
        }
    }

    /** What the source said may be about COPY or about the query; where the cursor brings rows, it was about COPY. */
    private Way cursorInstead(SQLException refused, @Nullable Savepoint before) throws SQLException {
        Way rows;
        try {
            if (before == null) {
                lease.beginAgain();
            } else {
                lease.rollback(before);
            }
            rows = cursor();
        } catch (SQLException e) {
            e.addSuppressed(refused);
            throw e;
        }
        refusal = refusals.remember(plan.name(), refused);
        return rows;
    }

    private Way cursor() throws SQLException {
        meaning = this::cursorFailure;
        return CursorRows.declare(lease, plan.cursor(), refusals.mostRows(plan.name()))::next;
    }

    private Failure cursorFailure(SQLException e) {
        if (!CursorRows.overflows(e)) {
            return plan.cursorMeaning().apply(e);
        }
        boolean fewer = refusals.narrow(plan.name());
        return CursorRows.tooWide(fewer);
    }

    @Override
    public byte @Nullable [] next() {
        Way open = way;
        if (open == null) {
            throw new IllegalStateException("Not open");
        }
        try {
            byte[] chunk = open.next();
            if (chunk == null) {
                ended();
            }
            return chunk;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public long sent() {
        Way open = way;
        return open == null ? -1 : open.sent();
    }

    @Override
    public List<RowNote> notes() {
        String why = refusal;
        return why == null
                ? notes
                : Stream.concat(notes.stream(), Stream.of(new RowNote("read_by_cursor", why)))
                        .toList();
    }

    @Override
    public void close() {
        // The lease may serve no one else before stop().
    }

    /** Ends the read whatever it is doing. */
    void stop() {
        boolean midway;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            midway = running;
        }
        if (!midway) {
            lease.close();
            return;
        }
        lease.cancel();
    }

    private synchronized void ended() {
        running = false;
    }

    private synchronized FailureException failed(SQLException e) {
        return stopped ? cancelled(e) : new FailureException(meaning.apply(e), e);
    }

    private static FailureException cancelled(@Nullable SQLException e) {
        return new FailureException(new Failure.Cancelled("The read was stopped."), e);
    }
}
