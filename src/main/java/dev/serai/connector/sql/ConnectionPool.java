package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.DelegatingConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who opens, lends and closes the connections of one connector?
 *
 * <p>The thread that needs a connection opens it, so that a refusal is told at once and tried once, and nothing is
 * dialled before. DBCP keeps {@code pool_size} connections open and closes what goes beyond as soon as it comes back.
 */
final class ConnectionPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);
    private static final Duration REVIEW = Duration.ofSeconds(30);

    private final Vendor vendor;
    private final BasicDataSource connections = new BasicDataSource();

    ConnectionPool(Vendor vendor, Driver driver, SqlSettings settings, Dialer dialer) {
        this.vendor = vendor;
        connections.setDriver(driver);
        connections.setUrl(vendor.url(settings));
        vendor.properties(settings, dialer)
                .forEach((name, value) -> connections.addConnectionProperty(name.toString(), value.toString()));
        connections.setInitialSize(0);
        connections.setMinIdle(0);
        connections.setMaxIdle(settings.poolSize());
        connections.setMaxTotal(settings.poolSize() + settings.maxOverflow());
        connections.setMaxConn(settings.poolRecycle());
        connections.setLogExpiredConnections(false);
        connections.setMaxWait(settings.connectTimeout());
        connections.setTestOnBorrow(true);
        connections.setTestWhileIdle(true);
        connections.setValidationQueryTimeout(Duration.ofSeconds(5));
        connections.setDurationBetweenEvictionRuns(REVIEW);
        connections.setNumTestsPerEvictionRun(settings.poolSize());
        connections.setRollbackOnReturn(true);
        connections.setAutoCommitOnReturn(true);
    }

    /**
     * A connection in a read-only transaction; closing it rolls back, resets the session and gives it back.
     *
     * @param timeout of each statement
     */
    Lease lease(Duration timeout) throws SQLException {
        Connection connection = connections.getConnection();
        Lease lease = new Lease(connection);
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(vendor.beginning(timeout));
            }
            return lease;
        } catch (SQLException | RuntimeException e) {
            lease.discard();
            throw e;
        }
    }

    /** Closes what is idle now and what is lent when it comes back. */
    @Override
    public void close() {
        try {
            connections.close();
        } catch (SQLException e) {
            LOG.warn("A connection did not close cleanly: {}", e.getMessage());
        }
    }

    /** A lent connection. */
    final class Lease extends DelegatingConnection<Connection> {
        private final Connection lent;
        private boolean returned;

        private Lease(Connection lent) {
            super(lent);
            this.lent = lent;
        }

        @Override
        public void close() {
            if (!take()) {
                return;
            }
            try {
                lent.rollback();
                lent.setAutoCommit(true);
                try (Statement statement = lent.createStatement()) {
                    statement.execute(vendor.reset());
                }
                lent.close();
            } catch (SQLException e) {
                LOG.debug("A connection that could not be reset is thrown away", e);
                destroy();
            }
        }

        /** Ends the connection, whatever it is doing; callable from any thread. */
        void discard() {
            if (take()) {
                destroy();
            }
        }

        private synchronized boolean take() {
            boolean first = !returned;
            returned = true;
            return first;
        }

        private void destroy() {
            try {
                lent.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("A broken connection did not abort", e);
            }
            try {
                connections.invalidateConnection(lent);
            } catch (IllegalStateException e) {
                LOG.debug("A broken connection had left the pool before", e);
            }
        }
    }
}
