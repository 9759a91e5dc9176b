package dev.serai.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/** A request to stop that one thread makes and the working thread, or whatever it waits for, hears. */
public final class Cancellation {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;
    private boolean tooLate;
    private volatile BooleanSupplier permit = () -> true;

    /** Asks to stop; runs every listener once, whatever the others throw. Not heard where it is too late. */
    public void request() {
        List<Runnable> toRun;
        synchronized (this) {
            if (requested || tooLate) {
                return;
            }
            requested = true;
            toRun = List.copyOf(listeners);
        }
        @Nullable RuntimeException failed = null;
        for (Runnable listener : toRun) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    public synchronized boolean requested() {
        return requested;
    }

    /**
     * Says that what is done next cannot be stopped any more, such as a commit; false where stopping was asked for before or
     * the permit is refused, and then it must not be done.
     */
    public boolean goThrough() {
        boolean permitted = permit.getAsBoolean();
        synchronized (this) {
            tooLate = permitted && !requested;
            return tooLate;
        }
    }

    /** Has {@link #goThrough} ask for a permit first, each time. */
    public void onlyWith(BooleanSupplier wanted) {
        permit = wanted;
    }

    /** Whether the work has come so far that it cannot be stopped any more. */
    public synchronized boolean tooLate() {
        return tooLate;
    }

    /** Runs the listener when stopping is asked for, at once if it already was. Removed by closing. */
    public Registration onRequest(Runnable listener) {
        synchronized (this) {
            if (!requested) {
                listeners.add(listener);
                return () -> {
                    synchronized (this) {
                        listeners.remove(listener);
                    }
                };
            }
        }
        listener.run();
        return () -> {};
    }

    /** Takes a listener back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
