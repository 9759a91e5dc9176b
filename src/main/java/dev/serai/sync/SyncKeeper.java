package dev.serai.sync;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Datasets;

/**
 * Keeps runs honest while the process lives and when it ends: renews their leases, hears cancellations asked for
 * elsewhere, tells progress, closes what a process that is gone left open, and stops its own at shutdown.
 */
@Component
class SyncKeeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SyncKeeper.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration LAST_WAIT = Duration.ofSeconds(8);

    private final SyncEngine engine;
    private final RunLeases leases;
    private final RunTakeover takeover;
    private final RunLaunch launch;
    private final Datasets datasets;
    private final SyncThreads threads;
    private final Instance instance;
    private final ProgressTeller progress;
    private volatile boolean running;

    SyncKeeper(
            SyncEngine engine,
            RunJournal journal,
            RunLeases leases,
            RunTakeover takeover,
            RunLaunch launch,
            Datasets datasets,
            SyncThreads threads,
            Instance instance) {
        this.engine = engine;
        this.leases = leases;
        this.takeover = takeover;
        this.launch = launch;
        this.datasets = datasets;
        this.threads = threads;
        this.instance = instance;
        this.progress = new ProgressTeller(journal);
    }

    @Override
    public void start() {
        running = true;
        closeLapsed(instance.predecessor().orElse(null));
        threads.clock().scheduleAtFixedRate(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        threads.watch().scheduleAtFixedRate(this::letGo, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        threads.clock()
                .scheduleWithFixedDelay(
                        () -> closeLapsed(null), SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether new runs may be taken on. */
    boolean open() {
        return running;
    }

    /** Closes runs that nobody works on any more. */
    void closeLapsed(@Nullable String goneHolder) {
        try {
            RunTakeover.Left left =
                    takeover.takeOver(goneHolder, id -> engine.active(id).isPresent());
            for (RunTakeover.Interrupted lost : left.closed()) {
                LOG.warn("Run {} was interrupted: the process that worked on it is gone", lost.runId());
                lost.datasets().forEach(id -> datasets.failed(id, lost.runId(), RunVerdict.INTERRUPTED));
            }
            left.waiting().forEach(launch::resume);
        } catch (RuntimeException e) {
            LOG.error("Runs of processes that are gone could not be closed now", e);
        }
    }

    private void tick() {
        for (ActiveRun run : engine.active()) {
            try {
                keep(run);
            } catch (RuntimeException e) {
                LOG.error("Run {} could not be renewed", run.id(), e);
            }
        }
    }

    /** Lets go of runs before others take them; hears nothing from the metadata database, which may not answer. */
    private void letGo() {
        for (ActiveRun run : engine.active()) {
            if (run.work().stopped().isEmpty() && leases.slipping(run)) {
                LOG.warn("Run {} is stopped: its lease could not be renewed for a while", run.id());
                engine.stop(run, ActiveRun.Stop.INTERRUPTED);
            }
        }
    }

    private void keep(ActiveRun run) {
        switch (leases.renew(run)) {
            case HELD -> {}
            case CANCEL_REQUESTED -> {
                if (run.work().stopped().isEmpty()) {
                    engine.stop(run, ActiveRun.Stop.CANCELLED);
                }
            }
            case LOST -> {
                if (engine.active(run.id()).isPresent() && run.work().stopped().isEmpty()) {
                    LOG.warn("Run {} was taken over by another process", run.id());
                    engine.stop(run, ActiveRun.Stop.INTERRUPTED);
                }
            }
        }
        progress.tell(run);
        engine.catchUp(run);
    }

    /** Camel's own stop would wait for what is going on; this event comes before it. */
    @EventListener
    void closed(ContextClosedEvent event) {
        stop();
    }

    @Override
    public void stop() {
        running = false;
        List<ActiveRun> runs = List.copyOf(engine.active());
        runs.forEach(run -> engine.stop(run, ActiveRun.Stop.INTERRUPTED));
        CompletableFuture<?>[] ends = runs.stream().map(ActiveRun::done).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Not all runs could be closed; the next start closes them", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts after everything and stops before anything that a sync needs. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
