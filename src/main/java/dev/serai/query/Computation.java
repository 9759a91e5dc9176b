package dev.serai.query;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One statement that is being computed, with all it holds: a slot, a DuckDB, Arrow memory. Used by one thread at a
 * time; {@link #stop} may come from any other and is heard within moments. Everything is released once, by whoever
 * comes last.
 */
final class Computation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Computation.class);
    private static final int BATCH_ROWS = 2048;

    private final ReentrantLock use = new ReentrantLock();
    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final Deque<Runnable> interruptions = new ArrayDeque<>();
    private Function<Throwable, Failure> failures;
    private @Nullable Future<?> deadline;
    private @Nullable Failure stopped;

    /** @param failures tells what an error of DuckDB's means */
    Computation(Function<Throwable, Failure> failures) {
        this.failures = failures;
    }

    /** From now on tells what an error means. */
    void failures(Function<Throwable, Failure> meaning) {
        failures = meaning;
    }

    /** Hands over something to release at the end, in reverse order. */
    <T extends AutoCloseable> T hold(T resource) {
        held.push(resource);
        return resource;
    }

    /** Stops with this failure when the time is over. */
    synchronized void limit(Duration time, ScheduledExecutorService clock, Failure failure) {
        deadline = clock.schedule(() -> stop(failure), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What ends whatever the using thread waits for; called from another thread, the last given first. */
    synchronized void onStop(Runnable interruption) {
        interruptions.push(interruption);
    }

    /** Starts the statement; the rows come while they are read. */
    ArrowReader start(Preparation preparation, boolean repeatable, BufferAllocator memory) throws SQLException {
        try {
            DuckDBResultSet result = hold(run(preparation).executeQuery().unwrap(DuckDBResultSet.class));
            return hold((ArrowReader) result.arrowExportStream(memory, BATCH_ROWS));
        } catch (SQLException e) {
            if (repeatable && stopFailure() == null && !DuckDbFailures.known(e)) {
                askAgain(preparation);
            }
            throw e;
        }
    }

    /** The driver loses the reason of a failure in a result that it streams, its chunk interface tells it. */
    private void askAgain(Preparation preparation) throws SQLException {
        try (DuckDBChunkedResult again =
                run(preparation).unwrap(DuckDBPreparedStatement.class).query()) {
            LOG.warn("A statement failed once and not again ({} columns)", again.columnCount());
        }
    }

    private PreparedStatement run(Preparation preparation) throws SQLException {
        return hold(preparation.prepare());
    }

    /** Runs something that uses what is held, unless stopped; any error becomes a failure and releases everything. */
    <T> T use(Step<T> step) {
        use.lock();
        try {
            synchronized (this) {
                if (stopped != null) {
                    throw new FailureException(stopped);
                }
            }
            return step.run();
        } catch (SQLException | IOException | RuntimeException e) {
            FailureException failed = failure(e);
            close();
            throw failed;
        } finally {
            if (stopFailure() != null) {
                close();
            }
            use.unlock();
        }
    }

    private FailureException failure(Exception error) {
        Failure why = stopFailure();
        if (why == null && error instanceof FailureException known) {
            return known;
        }
        return new FailureException(why != null ? why : failures.apply(error), error);
    }

    private synchronized @Nullable Failure stopFailure() {
        return stopped;
    }

    /** Ends the computation from outside. */
    void stop(Failure why) {
        synchronized (this) {
            if (stopped == null) {
                stopped = why;
            }
        }
        interrupt();
        if (use.tryLock()) {
            try {
                close();
            } finally {
                use.unlock();
            }
        }
    }

    private void interrupt() {
        List<Runnable> toRun;
        synchronized (this) {
            toRun = List.copyOf(interruptions);
        }
        toRun.forEach(Runnable::run);
    }

    /** Releases everything; to be called by the thread that uses it. */
    @Override
    public void close() {
        use.lock();
        try {
            synchronized (this) {
                interruptions.clear();
                if (deadline != null) {
                    deadline.cancel(false);
                }
                if (stopped == null) {
                    stopped = new Failure.Cancelled("The answer was closed.");
                }
            }
            while (!held.isEmpty()) {
                release(held.pop());
            }
        } finally {
            use.unlock();
        }
    }

    private static void release(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Something a query held did not close", e);
        }
    }

    /** Makes a statement ready to run. */
    interface Preparation {
        PreparedStatement prepare() throws SQLException;
    }

    /** A use of what is held. */
    interface Step<T> {
        T run() throws SQLException, IOException;
    }
}
