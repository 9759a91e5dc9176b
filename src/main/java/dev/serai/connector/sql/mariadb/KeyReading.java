package dev.serai.connector.sql.mariadb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.JointRead;
import dev.serai.rows.JdbcSource;
import dev.serai.rows.JoinedSource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowSource;

/** The rows of a model over several connections. Each takes one range after the other until none is left. */
final class KeyReading {
    private final KeyRanges ranges;
    private final UnaryOperator<String> select;
    private final List<RowNote> notes;
    private final JointRead read;

    /**
     * @param leases all of one state of the table
     * @param select the statement that reads a range
     */
    KeyReading(List<ConnectionPool.Lease> leases, KeyRanges ranges, UnaryOperator<String> select, List<RowNote> notes) {
        this.ranges = ranges;
        this.select = select;
        this.notes = notes;
        this.read = new JointRead(leases, MariaFailures::of);
    }

    RowSource source(List<JdbcSource.Field> fields, long estimate) {
        return new JoinedSource(
                read.shares().stream()
                        .map(share -> JdbcSource.bulk(fields, estimate, new Part(share)))
                        .toList(),
                estimate,
                notes,
                this::stop);
    }

    /** Ends the read, whatever its connections are doing; callable from any thread. */
    void stop() {
        read.stop();
    }

    private final class Part implements JdbcSource.Results {
        private final JointRead.Share share;
        private @Nullable ResultSet rows;

        Part(JointRead.Share share) {
            this.share = share;
        }

        @Override
        public @Nullable ResultSet open() throws SQLException {
            share.begin();
            String range = ranges.next(share.lease());
            rows = range == null ? null : MariaQuestion.stream(share.lease(), select.apply(range));
            return rows;
        }

        @Override
        public @Nullable ResultSet more() throws SQLException {
            if (rows != null) {
                rows.getStatement().close();
            }
            return open();
        }

        @Override
        public void ended() {
            share.done();
        }

        @Override
        public RuntimeException failed(SQLException e) {
            return read.failed(e);
        }

        @Override
        public void stop() {
            KeyReading.this.stop();
        }
    }
}
