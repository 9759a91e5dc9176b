package dev.serai.connector.sql;

import java.sql.SQLException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource;

/**
 * One COPY on its way. Stopping it, from whichever thread, cancels the statement at the server at once and throws the
 * connection away; one that has ended, or never began, gives its connection back.
 */
final class CopyReading implements PgCopySource.Partition, PgCopySource.Chunks {
    private final ConnectionPool.Lease lease;
    private final String copy;
    private final Function<SQLException, Failure> meaning;
    private @Nullable CopyOut rows;
    private boolean running;
    private boolean stopped;

    /** @param meaning of an error in running it */
    CopyReading(ConnectionPool.Lease lease, String copy, Function<SQLException, Failure> meaning) {
        this.lease = lease;
        this.copy = copy;
        this.meaning = meaning;
    }

    @Override
    public PgCopySource.Chunks open() {
        synchronized (this) {
            if (stopped) {
                throw cancelled(null);
            }
            running = true;
        }
        try {
            rows = lease.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
            return this;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public byte @Nullable [] next() {
        CopyOut open = rows;
        if (open == null) {
            throw new IllegalStateException("Not open");
        }
        try {
            byte[] chunk = open.readFromCopy();
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
        CopyOut read = rows;
        return read == null ? -1 : read.getHandledRowCount();
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
