package dev.serai.connector.rest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Is an answer still wanted? What is under way when it is not any more, a request or a wait, ends at once. */
final class RestStop {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<HttpUriRequestBase> running = new AtomicReference<>();

    /** From any thread. */
    void stop() {
        stopped.countDown();
        HttpUriRequestBase request = running.get();
        if (request != null) {
            request.cancel();
        }
    }

    void requireOpen() {
        if (stopped.getCount() == 0) {
            throw new FailureException(new Failure.Cancelled("The read was stopped."));
        }
    }

    /** The request stays the running one until the next, since its answer's body is still to come. */
    <T> T during(HttpUriRequestBase request, Supplier<T> work) {
        running.set(request);
        requireOpen();
        try {
            return work.get();
        } catch (FailureException e) {
            requireOpen();
            throw e;
        }
    }

    /** @param end by {@link System#nanoTime}; a wait beyond it is none */
    void await(Duration wait, long end) {
        if (wait.toNanos() > end - System.nanoTime()) {
            throw new FailureException(SourceFailures.timedOut());
        }
        try {
            if (stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                requireOpen();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The read was stopped."), e);
        }
    }
}
