package dev.serai.sync;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

import dev.serai.rows.GivingWay;

/** The threads of syncs, each kind apart, so that none of them waits for another's far system. */
@Component
class SyncThreads implements DisposableBean {
    private final ExecutorService workers = Executors.newCachedThreadPool(GivingWay.of(named("sync")));
    private final ExecutorService closers = Executors.newCachedThreadPool(named("sync-stop"));
    private final ExecutorService discoveries = Executors.newFixedThreadPool(2, named("discovery"));
    /** One for each of what recurs, which may wait for the metadata database, and one for what is due at its time. */
    private final ScheduledExecutorService clock = scheduled(3, "sync-clock");

    private final ScheduledExecutorService watch = scheduled(1, "sync-watch");
    private final ScheduledExecutorService deliveries = scheduled(2, "run-events");

    /** Copies datasets; how many at once, {@link Turns} says. */
    ExecutorService workers() {
        return workers;
    }

    /** Closes what hangs; never waited for. */
    ExecutorService closers() {
        return closers;
    }

    /** Looks up models in the background. */
    ExecutorService discoveries() {
        return discoveries;
    }

    /** Renews leases and watches time limits; nothing on it may wait for a far system. */
    ScheduledExecutorService clock() {
        return clock;
    }

    /** Does something once a wait is over. */
    ScheduledFuture<?> later(Duration wait, Runnable task) {
        return clock.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Watches leases; nothing on it may wait for anything, not even the metadata database. */
    ScheduledExecutorService watch() {
        return watch;
    }

    /** Tells events to whoever listens. */
    ScheduledExecutorService deliveries() {
        return deliveries;
    }

    /** Never interrupts: an interrupted thread would close the files of an H2 database under everybody. */
    @Override
    public void destroy() {
        clock.shutdown();
        watch.shutdown();
        deliveries.shutdown();
        workers.shutdown();
        discoveries.shutdown();
        closers.shutdown();
    }

    private static ScheduledExecutorService scheduled(int threads, String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(threads, named(name));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
