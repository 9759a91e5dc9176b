package dev.serai.query;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** How many computations may run at once; one that waits too long is told to come back. */
final class Slots {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Semaphore free;
    private final Duration patience;

    Slots(int count, Duration patience) {
        this.free = new Semaphore(count, true);
        this.patience = patience;
    }

    /** A slot that is given back once, however often it is closed. */
    Slot take() {
        try {
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FailureException(
                        new Failure.Busy("busy", "Too many queries are running. Try again in a moment.", RETRY_AFTER));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The query was stopped before it began."), e);
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.getAndSet(false)) {
                free.release();
            }
        };
    }

    /** The right to compute, until closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
