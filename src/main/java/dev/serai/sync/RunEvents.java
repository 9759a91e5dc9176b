package dev.serai.sync;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one run: those there are, and those to come until it has ended. They come from the journal, so it does
 * not matter which process works on the run.
 */
public final class RunEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RunEvents.class);
    private static final long EVERY_MS = 300;

    private final RunEventStore store;
    private final ScheduledExecutorService threads;
    private final String runId;

    RunEvents(RunEventStore store, ScheduledExecutorService threads, String runId) {
        this.store = store;
        this.threads = threads;
        this.runId = runId;
    }

    /** Who is told. Called by one thread at a time, which it must not keep waiting. */
    public interface Listener {
        /** The next event. Whatever it throws ends the subscription. */
        void event(RunEvent event);

        /** No more events will come: the run has ended. */
        void end();

        /** No more events will be told, though there may be some: they cannot be read, or the listener threw. */
        void failed(RuntimeException reason);
    }

    /** Ends by itself with the run's last event. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** The events after one, oldest first, a few hundred at most; {@code null} or nothing of ours: from the first. */
    public List<RunEvent> after(@Nullable String lastEventId) {
        return store.after(runId, position(lastEventId));
    }

    /** Tells a listener every event after the given one, then those that come. */
    public Subscription subscribe(@Nullable String lastEventId, Listener listener) {
        Delivery delivery = new Delivery(position(lastEventId), listener);
        delivery.schedule();
        return delivery::close;
    }

    private static long position(@Nullable String lastEventId) {
        try {
            return lastEventId == null ? 0 : Math.max(0, Long.parseLong(lastEventId.trim()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private final class Delivery {
        private final Listener listener;
        private long last;
        private boolean begun;
        private boolean ended;
        private @Nullable ScheduledFuture<?> task;

        Delivery(long last, Listener listener) {
            this.last = last;
            this.listener = listener;
        }

        synchronized void schedule() {
            task = threads.scheduleWithFixedDelay(this::deliver, 0, EVERY_MS, TimeUnit.MILLISECONDS);
        }

        private synchronized void deliver() {
            if (ended) {
                return;
            }
            try {
                if (!begun) {
                    begun = true;
                    // What no event has yet is nothing of ours either.
                    last = last > store.newest(runId) ? 0 : last;
                }
                tellAll();
                // A client that comes back has seen the last event, and a run may have gone without one.
                if (!ended && store.isOver(runId)) {
                    tellAll();
                    if (!ended) {
                        end(Listener::end);
                    }
                }
            } catch (RuntimeException e) {
                LOG.warn("A listener of run {} is told no more", runId, e);
                end(told -> told.failed(e));
            }
        }

        private void tellAll() {
            List<RunEvent> events;
            do {
                events = store.after(runId, last);
                events.forEach(this::tell);
            } while (!ended && !events.isEmpty());
        }

        private void tell(RunEvent event) {
            if (ended) {
                return;
            }
            listener.event(event);
            last = event.id();
            if (event.last()) {
                end(Listener::end);
            }
        }

        private void end(Consumer<Listener> farewell) {
            close();
            farewell.accept(listener);
        }

        synchronized void close() {
            ended = true;
            if (task != null) {
                task.cancel(false);
            }
        }
    }
}
