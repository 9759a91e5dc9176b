package dev.serai.query;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * How many computations may run at once, of all and of one caller; a few more may wait a while, all others are told to
 * come back.
 */
final class Slots {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Integer> taken = new HashMap<>();
    private final int share;
    private final int places;
    private int free;
    private int waiting;

    private Slots(int count, int share, int places) {
        this.free = count;
        this.share = share;
        this.places = places;
    }

    /** Where nobody is told from anybody else. */
    Slots(int count) {
        this(count, count, Integer.MAX_VALUE);
    }

    /** Of which one is always left for another caller. */
    static Slots shared(int count, int places) {
        return new Slots(count, Math.max(1, count - 1), places);
    }

    /** A slot that is given back once, however often it is closed. */
    Slot take(String caller) {
        lock.lock();
        try {
            if (!available(caller)) {
                await(caller);
            }
            free--;
            taken.merge(caller, 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The query was stopped before it began."), e);
        } finally {
            lock.unlock();
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) {
                release(caller);
            }
        };
    }

    private boolean available(String caller) {
        return free > 0 && taken.getOrDefault(caller, 0) < share;
    }

    private void await(String caller) throws InterruptedException {
        if (waiting >= places) {
            throw busy();
        }
        waiting++;
        try {
            long nanos = PATIENCE.toNanos();
            while (!available(caller)) {
                if (nanos <= 0) {
                    throw busy();
                }
                nanos = freed.awaitNanos(nanos);
            }
        } finally {
            waiting--;
        }
    }

    private void release(String caller) {
        lock.lock();
        try {
            free++;
            taken.computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static FailureException busy() {
        return new FailureException(new Failure.Busy(
                "busy", "Too many queries are running (SERAI_QUERY_PARALLELISM). Try again in a moment.", RETRY_AFTER));
    }

    /** The right to compute, until closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
