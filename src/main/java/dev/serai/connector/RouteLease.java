package dev.serai.connector;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use a connector's route: it stays until this is closed, even if a newer one serves others by then. */
final class RouteLease implements AutoCloseable {
    private final RunningRoute route;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** @param route already entered */
    RouteLease(RunningRoute route) {
        this.route = route;
    }

    RunningRoute route() {
        return route;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            route.leave();
        }
    }
}
