package dev.serai.query;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads on which DuckDB can parse and plan SQL of any depth that is let through. It recurses natively without a check
 * of the stack: on an ordinary thread of 1 MiB some hundred nested expressions would end the whole process.
 */
final class DeepStack {
    /** Reserved as address space; only what is used becomes memory. */
    private static final long BYTES = 64L << 20;

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(null, task, "query-planner", BYTES);
                thread.setDaemon(true);
                return thread;
            });

    private DeepStack() {}

    /** Waits for the work, also when interrupted: what it uses must not be released under it. */
    static <T> T call(Computation.Step<T> work) throws SQLException, IOException {
        FutureTask<T> task = new FutureTask<>(work::run);
        THREADS.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(java.util.Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(Throwable cause) throws SQLException, IOException {
        if (cause instanceof SQLException sql) {
            throw sql;
        } else if (cause instanceof IOException io) {
            throw io;
        } else if (cause instanceof Error error) {
            throw error;
        } else if (cause instanceof RuntimeException known) {
            return known;
        }
        return new IllegalStateException(cause);
    }
}
