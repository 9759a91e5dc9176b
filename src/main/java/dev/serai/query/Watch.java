package dev.serai.query;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.serai.failure.Failure;

/** Does the asker of a computation still wait? Looked at now and then, and never again once this is closed. */
final class Watch implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;

    private final Asker asker;
    private final Computation computation;
    private final Future<?> looking;
    private boolean closed;

    Watch(Asker asker, Computation computation, ScheduledExecutorService clock) {
        this.asker = asker;
        this.computation = computation;
        this.looking = clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (isGone()) {
            looking.cancel(false);
            computation.stop(new Failure.Cancelled("Whoever asked has left."));
        }
    }

    private synchronized boolean isGone() {
        return !closed && asker.gone();
    }

    /** Waits for a look that is going on. */
    @Override
    public synchronized void close() {
        closed = true;
        looking.cancel(false);
    }
}
