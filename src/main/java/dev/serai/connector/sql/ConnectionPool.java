package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.apache.commons.dbcp2.DelegatingConnection;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.connector.OngoingCall;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/**
 * Who opens, lends and closes the connections of one connector?
 *
 * <p>The thread that needs a connection opens it, so that a refusal is told at once and tried once, and nothing is
 * dialled before. Who finds all in use waits for a place, in the order of asking. DBCP keeps {@code pool_size} connections
 * open and closes what goes beyond as soon as it comes back.
 */
public final class ConnectionPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);
    private static final Duration REVIEW = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration CHECK = Duration.ofSeconds(5);

    /** How soon to look again while the review has the one connection that is left in its hands. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration NEVER = Duration.ofMillis(-1);

    private final Vendor vendor;
    private final Duration longestWait;
    private final Semaphore places;
    private final GenericObjectPool<PoolableConnection> connections;

    ConnectionPool(Vendor vendor, SqlSettings settings, Dialer dialer) {
        this.vendor = vendor;
        longestWait = settings.connectTimeout();
        places = new Semaphore(settings.poolSize() + settings.maxOverflow(), true);
        PooledConnections factory = new PooledConnections(() -> {
            try (Dialing dialing = Dialing.of(dialer)) {
                return vendor.connect(settings, dialing);
            }
        });
        factory.setMaxConn(settings.poolRecycle());
        factory.setValidationQueryTimeout(CHECK);
        factory.setRollbackOnReturn(false);
        connections = new GenericObjectPool<>(factory, bounds(settings));
        factory.setPool(connections);
    }

    private static GenericObjectPoolConfig<PoolableConnection> bounds(SqlSettings settings) {
        GenericObjectPoolConfig<PoolableConnection> bounds = new GenericObjectPoolConfig<>();
        bounds.setJmxEnabled(false);
        bounds.setMinIdle(0);
        bounds.setMaxIdle(settings.poolSize());
        bounds.setMaxTotal(settings.poolSize() + settings.maxOverflow());
        bounds.setMaxWait(LOOK);
        bounds.setTestOnBorrow(true);
        bounds.setTestWhileIdle(true);
        bounds.setTimeBetweenEvictionRuns(REVIEW);
        bounds.setNumTestsPerEvictionRun(settings.poolSize());
        bounds.setSoftMinEvictableIdleDuration(NEVER);
        bounds.setMinEvictableIdleDuration(NEVER);
        return bounds;
    }

    /**
     * A connection in a read-only transaction; closing it rolls back, resets the session and gives it back.
     *
     * @param timeout of each statement
     */
    Lease lease(Duration timeout) throws SQLException {
        return leased(borrow(), timeout);
    }

    private Lease leased(PoolableConnection connection, Duration timeout) throws SQLException {
        Lease lease = new Lease(connection, timeout);
        OngoingCall.current().ifPresent(lease::endsWith);
        try {
            connection.setAutoCommit(false);
            lease.begin();
            return lease;
        } catch (SQLException | RuntimeException e) {
            lease.discard();
            throw e;
        }
    }

    private PoolableConnection borrow() throws SQLException {
        takePlace();
        return opened();
    }

    /** For whoever has a place, which is given up where there is no connection. */
    private PoolableConnection opened() throws SQLException {
        long deadline = System.nanoTime() + longestWait.toNanos();
        try {
            do {
                PoolableConnection connection = open();
                if (connection != null) {
                    return connection;
                }
            } while (System.nanoTime() < deadline);
            throw exhausted();
        } catch (SQLException | RuntimeException e) {
            places.release();
            throw e;
        }
    }

    private void takePlace() {
        try {
            if (!places.tryAcquire(longestWait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw exhausted();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static FailureException exhausted() {
        return new FailureException(new Failure.Exhausted(
                "connections_exhausted", "All connections that the connector may open are in use.", RETRY_AFTER));
    }

    private static FailureException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new FailureException(new Failure.Cancelled("The call was stopped."), e);
    }

    /**
     * For whoever has a place, so that there is one, idle or yet to be opened; null where the review of idle ones has it
     * at this moment.
     */
    private @Nullable PoolableConnection open() throws SQLException {
        try {
            return connections.borrowObject();
        } catch (NoSuchElementException e) {
            return null;
        } catch (SQLException | RuntimeException e) {
            if (connections.isClosed()) {
                throw new FailureException(new Failure.Cancelled("The connector was changed or closed."), e);
            }
            throw e;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Exception e) {
            // The pool declares what its factory might throw, and that throws SQLException.
            throw new SQLException(e);
        }
    }

    /** Empty where one is not to be had at once, or it is the last one, or others wait for one. */
    private Optional<Lease> spare(Duration timeout) {
        if (places.hasQueuedThreads() || !places.tryAcquire(2)) {
            return Optional.empty();
        }
        places.release();
        try {
            return Optional.of(leased(opened(), timeout));
        } catch (SQLException | RuntimeException e) {
            // Whoever asks does without it; what is wrong with the server its first connection will tell.
            LOG.debug("There is no connection to spare", e);
            return Optional.empty();
        }
    }

    /** Closes what is idle now and what is lent when it comes back. */
    @Override
    public void close() {
        connections.close();
    }

    /** A lent connection. */
    public final class Lease extends DelegatingConnection<Connection> {
        private final PoolableConnection lent;
        private final Duration timeout;
        private Cancellation.Registration whileLent = () -> {};
        private boolean returned;

        private Lease(PoolableConnection lent, Duration timeout) {
            super(lent);
            this.lent = lent;
            this.timeout = timeout;
        }

        private void begin() throws SQLException {
            vendor.begin(lent, timeout);
        }

        /** Gives up the transaction, which may have failed, for a new one. */
        public void beginAgain() throws SQLException {
            lent.rollback();
            begin();
        }

        /** Another one like this, if it can be had without waiting and at least one is left for others. */
        public Optional<Lease> spare() {
            return ConnectionPool.this.spare(timeout);
        }

        private void endsWith(OngoingCall call) {
            whileLent = call.onAbort(this::cancel);
        }

        @Override
        public void close() {
            if (!take()) {
                return;
            }
            try {
                lent.rollback();
                lent.setAutoCommit(true);
                vendor.reset(lent);
                lent.close();
            } catch (SQLException | RuntimeException e) {
                LOG.debug("A connection that could not be reset is thrown away", e);
                destroy();
            } finally {
                places.release();
            }
        }

        /** Whoever hears that the driver has closed it does not close it again, such as camel-jdbc. */
        @Override
        public boolean isClosed() throws SQLException {
            boolean closed = super.isClosed();
            if (closed) {
                discard();
            }
            return closed;
        }

        /** Has the server stop what the connection asked for, and ends the connection; callable from any thread. */
        public void cancel() {
            if (take()) {
                try {
                    vendor.cancel(lent);
                } catch (SQLException | RuntimeException e) {
                    // The way to the server may be the very thing that is broken, and drivers know no exceptions of it.
                    LOG.debug("The server could not be asked to stop; hanging up will do", e);
                } finally {
                    hangUp();
                }
            }
        }

        /** Ends the connection, whatever it is doing; callable from any thread. */
        public void discard() {
            if (take()) {
                hangUp();
            }
        }

        private synchronized boolean take() {
            boolean first = !returned;
            returned = true;
            whileLent.close();
            return first;
        }

        private void hangUp() {
            try {
                destroy();
            } finally {
                places.release();
            }
        }

        private void destroy() {
            try {
                lent.abort(Runnable::run);
            } catch (SQLException | RuntimeException e) {
                LOG.debug("A broken connection did not abort", e);
            }
            try {
                connections.invalidateObject(lent);
            } catch (Exception e) {
                // It is gone already, or its socket is: nothing is left to release.
                LOG.debug("A broken connection did not leave the pool cleanly", e);
            }
        }
    }
}
