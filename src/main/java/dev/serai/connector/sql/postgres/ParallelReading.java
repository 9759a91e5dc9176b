package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.JointRead;
import dev.serai.failure.Failure;
import dev.serai.rows.PgCopySource;
import dev.serai.rows.RowNote;

/** The rows of a model by COPY over several connections. Each takes one range after the other until none is left. */
final class ParallelReading {
    private final BlockRanges ranges;
    private final Function<BlockRanges.Range, String> copy;
    private final List<RowNote> notes;
    private final JointRead read;

    /** @param leases all of one snapshot, each with its locks */
    ParallelReading(
            List<ConnectionPool.Lease> leases,
            BlockRanges ranges,
            Function<BlockRanges.Range, String> copy,
            Function<SQLException, Failure> meaning,
            List<RowNote> notes) {
        this.ranges = ranges;
        this.copy = copy;
        this.notes = notes;
        this.read = new JointRead(leases, meaning);
    }

    List<? extends PgCopySource.Partition> parts() {
        return read.shares().stream().map(Part::new).toList();
    }

    /** Ends the read, whatever its connections are doing; callable from any thread. */
    void stop() {
        read.stop();
    }

    private final class Part implements PgCopySource.Partition, PgCopySource.Chunks {
        private final JointRead.Share share;
        private @Nullable CopyOut rows;

        Part(JointRead.Share share) {
            this.share = share;
        }

        @Override
        public PgCopySource.@Nullable Chunks open() {
            return more();
        }

        @Override
        public PgCopySource.@Nullable Chunks more() {
            share.begin();
            BlockRanges.Range range = ranges.next();
            if (range == null) {
                share.done();
                return null;
            }
            try {
                rows = share.lease().unwrap(PGConnection.class).getCopyAPI().copyOut(copy.apply(range));
                return this;
            } catch (SQLException e) {
                throw read.failed(e);
            }
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
                throw read.failed(e);
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
    }
}
