package dev.serai.connector.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * When does a read end whose rows come over several connections? When one fails all are ended, and whoever asks any of
 * them hears of that first failure: the others' errors only say that they were ended for it.
 */
public final class JointRead {
    private final Function<SQLException, Failure> meaning;
    private final List<Share> shares;
    private @Nullable FailureException first;
    private boolean stopped;

    /** @param meaning of the driver's exceptions */
    public JointRead(List<ConnectionPool.Lease> leases, Function<SQLException, Failure> meaning) {
        this.meaning = meaning;
        this.shares = leases.stream().map(Share::new).toList();
    }

    /** One for each connection. */
    public List<Share> shares() {
        return shares;
    }

    /** Ends the read, whatever its connections are doing; callable from any thread, more than once. */
    public void stop() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        shares.forEach(Share::end);
    }

    /** Ends the read; what to throw. */
    public FailureException failed(SQLException e) {
        FailureException failure;
        synchronized (this) {
            if (first == null) {
                first = new FailureException(stopped ? cancelled() : meaning.apply(e), e);
            }
            failure = first;
        }
        stop();
        return failure;
    }

    private synchronized FailureException over() {
        return first == null ? new FailureException(cancelled()) : first;
    }

    private static Failure cancelled() {
        return new Failure.Cancelled("The read was stopped.");
    }

    /** One connection of the read, and whether the server works for it. */
    public final class Share {
        private final ConnectionPool.Lease lease;
        private boolean running;
        private boolean ended;

        private Share(ConnectionPool.Lease lease) {
            this.lease = lease;
        }

        public ConnectionPool.Lease lease() {
            return lease;
        }

        /** Before a statement is run. */
        public synchronized void begin() {
            requireGoingOn();
            running = true;
        }

        /** After all its rows were read; some statements that are stopped end as if they were done. */
        public synchronized void done() {
            requireGoingOn();
            running = false;
        }

        private void requireGoingOn() {
            if (ended) {
                throw over();
            }
        }

        private void end() {
            boolean midway;
            synchronized (this) {
                ended = true;
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
