package dev.serai.connector.sql.mariadb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.JdbcSource;
import dev.serai.rows.JoinedSource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowSource;

/**
 * A bulk read over several connections on its way. Each takes one range after the other until none is left. When one fails
 * all are ended, and whoever asks any of them hears of that first failure.
 */
final class KeyReading {
    private final KeyRanges ranges;
    private final UnaryOperator<String> select;
    private final List<RowNote> notes;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable FailureException first;
    private boolean stopped;

    /**
     * @param leases all of one state of the table
     * @param select the statement that reads a range
     */
    KeyReading(List<ConnectionPool.Lease> leases, KeyRanges ranges, UnaryOperator<String> select, List<RowNote> notes) {
        this.ranges = ranges;
        this.select = select;
        this.notes = notes;
        leases.forEach(lease -> parts.add(new Part(lease)));
    }

    RowSource source(List<JdbcSource.Field> fields, long estimate) {
        return new JoinedSource(
                parts.stream()
                        .map(part -> JdbcSource.bulk(fields, estimate, part))
                        .toList(),
                estimate,
                notes,
                this::stop);
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

    private FailureException failure(SQLException e) {
        FailureException failure;
        synchronized (this) {
            if (first == null) {
                first = new FailureException(
                        stopped ? new Failure.Cancelled("The read was stopped.") : MariaFailures.of(e), e);
            }
            failure = first;
        }
        stop();
        return failure;
    }

    private synchronized FailureException over() {
        return first == null ? new FailureException(new Failure.Cancelled("The read was stopped.")) : first;
    }

    /** One connection's share. */
    private final class Part implements JdbcSource.Results {
        private final ConnectionPool.Lease lease;
        private @Nullable ResultSet rows;
        private boolean running;
        private boolean over;

        Part(ConnectionPool.Lease lease) {
            this.lease = lease;
        }

        @Override
        public @Nullable ResultSet open() throws SQLException {
            synchronized (this) {
                if (over) {
                    throw over();
                }
                running = true;
            }
            String range = ranges.next(lease);
            rows = range == null ? null : MariaQuestion.stream(lease, select.apply(range));
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
        public synchronized void ended() {
            running = false;
        }

        @Override
        public RuntimeException failed(SQLException e) {
            return failure(e);
        }

        @Override
        public void stop() {
            KeyReading.this.stop();
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
