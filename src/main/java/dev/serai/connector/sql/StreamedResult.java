package dev.serai.connector.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.JdbcSource;

/**
 * A query on its way. Stopping it, from whichever thread, cancels it at the server at once and throws the connection
 * away; one that has ended, or never began, gives its connection back.
 */
public final class StreamedResult implements JdbcSource.Results {
    /** Runs the query. */
    public interface Run {
        ResultSet of(ConnectionPool.Lease lease) throws SQLException;
    }

    private final ConnectionPool.Lease lease;
    private final Run run;
    private final Function<SQLException, Failure> meaning;
    private @Nullable ResultSet begun;
    private boolean running;
    private boolean stopped;

    private StreamedResult(ConnectionPool.Lease lease, Run run, Function<SQLException, Failure> meaning) {
        this.lease = lease;
        this.run = run;
        this.meaning = meaning;
    }

    /** Runs when the first row is asked for. */
    public static StreamedResult lazy(ConnectionPool.Lease lease, Run run, Function<SQLException, Failure> meaning) {
        return new StreamedResult(lease, run, meaning);
    }

    /** Runs at once, so that what is wrong with the query shows before anything is answered. */
    public static StreamedResult begun(ConnectionPool.Lease lease, Run run, Function<SQLException, Failure> meaning)
            throws SQLException {
        StreamedResult result = new StreamedResult(lease, run, meaning);
        result.running = true;
        result.begun = run.of(lease);
        return result;
    }

    @Override
    public ResultSet open() throws SQLException {
        synchronized (this) {
            if (stopped) {
                throw cancelled(null);
            }
            running = true;
        }
        return begun == null ? run.of(lease) : begun;
    }

    @Override
    public synchronized void ended() {
        if (stopped) {
            // Some statements that are stopped end as if they were done, such as MySQL's SELECT sleep(…).
            throw cancelled(null);
        }
        running = false;
    }

    @Override
    public synchronized RuntimeException failed(SQLException e) {
        return stopped ? cancelled(e) : new FailureException(meaning.apply(e), e);
    }

    @Override
    public void stop() {
        boolean midway;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            midway = running;
        }
        if (midway) {
            lease.cancel();
        } else {
            lease.close();
        }
    }

    private static FailureException cancelled(@Nullable SQLException e) {
        return new FailureException(new Failure.Cancelled("The read was stopped."), e);
    }
}
