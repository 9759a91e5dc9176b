package dev.serai.connector;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Waits for work no longer than it may take; work that is late is interrupted and goes on, or ends, by itself. */
final class TimeLimit {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private TimeLimit() {}

    /** The work's result or failure, or {@link Failure.TimedOut}. */
    static <T> T within(Duration limit, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        @Nullable Map<String, String> context = MDC.getCopyOfContextMap();
        Thread worker = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context);
                    }
                    try {
                        result.complete(work.get());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "connector-test-" + NUMBERS.incrementAndGet());
        worker.setDaemon(true);
        worker.start();
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            worker.interrupt();
            throw new FailureException(
                    new Failure.TimedOut("The source did not answer within " + limit.toSeconds() + " seconds."), e);
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The test was stopped."), e);
        } catch (ExecutionException e) {
            throw SourceFailures.exception(e);
        }
    }
}
