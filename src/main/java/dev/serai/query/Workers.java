package dev.serai.query;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Ids;
import dev.serai.rows.SpillFolder;

/** The processes that run users' SQL: as many as run at once, and afterwards one that waits for the next statement. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int WAITING_PER_SLOT = 4;
    private static final long LOOK_SECONDS = 15;
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** One that holds more after its answer is not kept. */
    private static final long CLEAN_BYTES = 256L << 20;

    private final QueryLimits limits;
    private final SpillFolder folder;
    private final ScheduledExecutorService clock;
    private final Slots slots;
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Set<Worker> all = new HashSet<>();
    private long lastUse = System.nanoTime();
    private boolean closed;

    Workers(QueryLimits limits, SpillFolder folder, ScheduledExecutorService clock) {
        this.limits = limits;
        this.folder = folder;
        this.clock = clock;
        this.slots = Slots.shared(limits.parallelism(), WAITING_PER_SLOT * limits.parallelism());
        clock.scheduleWithFixedDelay(this::dismiss, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    QueryLimits limits() {
        return limits;
    }

    /**
     * A process for one statement, when there is a place.
     *
     * @param caller of whom no one gets all places
     */
    QueryRun take(String caller, Asker asker) {
        Slots.Slot slot = slots.take(caller);
        try {
            return new QueryRun(this, next(), slot, asker, clock);
        } catch (IOException e) {
            slot.close();
            LOG.error("The process for a query did not start", e);
            throw new FailureException(
                    new Failure.Internal("The query could not be started. The log has the cause."), e);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    private synchronized Worker next() throws IOException {
        lastUse = System.nanoTime();
        for (Worker worker = idle.poll(); worker != null; worker = idle.poll()) {
            if (worker.alive()) {
                return worker;
            }
            all.remove(worker);
        }
        return started();
    }

    private synchronized Worker started() throws IOException {
        if (closed) {
            throw new FailureException(new Failure.Cancelled("Serai is stopping."));
        }
        Worker worker = Worker.start(folder.path().resolve(Ids.next("wrk")), limits.sandbox());
        all.add(worker);
        return worker;
    }

    synchronized void giveBack(Worker worker) {
        lastUse = System.nanoTime();
        if (closed || worker.memory() > CLEAN_BYTES) {
            discard(worker);
        } else {
            idle.push(worker);
        }
    }

    /** Kills it; another takes its place, so that the next statement does not wait for its start. */
    void discard(Worker worker) {
        worker.kill();
        synchronized (this) {
            all.remove(worker);
        }
        warm();
    }

    /** Has one process wait for the next statement. */
    synchronized void warm() {
        if (closed || !idle.isEmpty()) {
            return;
        }
        try {
            idle.push(started());
        } catch (IOException e) {
            LOG.warn("No process for queries could be started ahead", e);
        }
    }

    /** Lets go, now and then, of one that is not needed. */
    private synchronized void dismiss() {
        boolean quiet = System.nanoTime() - lastUse > IDLE_NANOS;
        @Nullable Worker spare = idle.size() > 1 || quiet ? idle.pollLast() : null;
        if (spare != null) {
            spare.kill();
            all.remove(spare);
        }
    }

    @Override
    public void close() {
        Set<Worker> left;
        synchronized (this) {
            closed = true;
            left = Set.copyOf(all);
        }
        left.forEach(Worker::kill);
        try {
            for (Worker worker : left) {
                worker.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
