package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource;
import dev.serai.rows.RowNote;

/**
 * A bulk read over several connections on its way. Each takes one range after the other until none is left. When one fails
 * all are ended, and whoever asks any of them hears of that first failure.
 */
final class ParallelReading {
    private final BlockRanges ranges;
    private final Function<BlockRanges.Range, String> copy;
    private final Function<SQLException, Failure> meaning;
    private final List<RowNote> notes;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable FailureException first;
    private boolean stopped;

    /** @param leases all of one snapshot, each with its locks */
    ParallelReading(
            List<ConnectionPool.Lease> leases,
            BlockRanges ranges,
            Function<BlockRanges.Range, String> copy,
            Function<SQLException, Failure> meaning,
            List<RowNote> notes) {
        this.ranges = ranges;
        this.copy = copy;
        this.meaning = meaning;
        this.notes = notes;
        leases.forEach(lease -> parts.add(new Part(lease)));
    }

    List<? extends PgCopySource.Partition> parts() {
        return parts;
    }

    /** Ends the read, whatever its connections are doing; callable from any thread. */
    void stop() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        parts.forEach(Part::end);
    }

    /** What to throw; the others' errors only say that they were ended for it. */
    private FailureException failed(SQLException e) {
        FailureException failure;
        synchronized (this) {
            if (first == null) {
                first = new FailureException(
                        stopped ? new Failure.Cancelled("The read was stopped.") : meaning.apply(e), e);
            }
            failure = first;
        }
        stop();
        return failure;
    }

    private synchronized @Nullable FailureException ended() {
        return first == null && stopped ? new FailureException(new Failure.Cancelled("The read was stopped.")) : first;
    }

    /** One connection's share. */
    private final class Part implements PgCopySource.Partition, PgCopySource.Chunks {
        private final ConnectionPool.Lease lease;
        private @Nullable CopyOut rows;
        private boolean running;
        private boolean over;

        Part(ConnectionPool.Lease lease) {
            this.lease = lease;
        }

        @Override
        public PgCopySource.@Nullable Chunks open() {
            return begin() ? this : null;
        }

        @Override
        public PgCopySource.@Nullable Chunks more() {
            return begin() ? this : null;
        }

        /** Whether a range was left. */
        private boolean begin() {
            synchronized (this) {
                FailureException why = over ? ended() : null;
                if (why != null) {
                    throw why;
                }
                running = true;
            }
            try {
                BlockRanges.Range range = ranges.next();
                if (range == null) {
                    rest();
                    return false;
                }
                rows = lease.unwrap(PGConnection.class).getCopyAPI().copyOut(copy.apply(range));
                return true;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private synchronized void rest() {
            running = false;
        }

        @Override
        public byte @Nullable [] next() {
            CopyOut open = rows;
            if (open == null) {
                return null;
            }
            try {
                return open.readFromCopy();
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public long sent() {
            CopyOut open = rows;
            return open == null ? -1 : open.getHandledRowCount();
        }

        @Override
        public List<RowNote> notes() {
            return notes;
        }

        @Override
        public void close() {
            // The lease may serve no one else before stop().
        }

        private void end() {
            boolean midway;
            synchronized (this) {
                over = true;
                midway = running;
            }
            if (midway) {
                lease.cancel();
            } else {
                lease.close();
            }
        }
    }
}
