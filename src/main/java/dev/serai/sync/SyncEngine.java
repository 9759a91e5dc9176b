package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * Works on claimed runs: a few datasets at a time, runs taking turns, until each dataset has ended. A run that is
 * stopped ends within seconds, even where a far system does not let go.
 */
@Component
class SyncEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SyncEngine.class);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final DatasetWork work;
    private final Settlement settlement;
    private final RunJournal journal;
    private final Datasets datasets;
    private final DatasetDiscovery discovery;
    private final SyncMetrics metrics;
    private final SyncThreads threads;
    private final SeraiSettings.Sync settings;
    private final Map<String, ActiveRun> active = new ConcurrentHashMap<>();

    SyncEngine(
            DatasetWork work,
            Settlement settlement,
            RunJournal journal,
            Datasets datasets,
            DatasetDiscovery discovery,
            SyncMetrics metrics,
            SyncThreads threads,
            SeraiSettings settings) {
        this.work = work;
        this.settlement = settlement;
        this.journal = journal;
        this.datasets = datasets;
        this.discovery = discovery;
        this.metrics = metrics;
        this.threads = threads;
        this.settings = settings.sync();
    }

    /** Takes on a run that was claimed for this process. */
    void submit(ActiveRun run) {
        active.put(run.id(), run);
        threads.workers().execute(() -> named(run, () -> begin(run)));
    }

    Collection<ActiveRun> active() {
        return List.copyOf(active.values());
    }

    Optional<ActiveRun> active(String runId) {
        return Optional.ofNullable(active.get(runId));
    }

    private void begin(ActiveRun run) {
        if (!run.begin()) {
            return;
        }
        try {
            if (!journal.started(run)) {
                LOG.warn("The run was taken away before it began");
                stop(run, ActiveRun.Stop.INTERRUPTED);
                return;
            }
            ScheduledFuture<?> limit = threads.clock()
                    .schedule(
                            () -> stop(run, ActiveRun.Stop.TIMED_OUT),
                            settings.timeout().toMillis(),
                            TimeUnit.MILLISECONDS);
            run.done().thenRun(() -> limit.cancel(false));
            if (run.discovers()) {
                discover(run);
            }
            LOG.info("Sync of {} began: {} datasets", run.connector().slug(), run.size());
        } catch (RuntimeException e) {
            LOG.error("The run could not begin", e);
            stop(run, ActiveRun.Stop.INTERRUPTED);
        } finally {
            run.prepared();
        }
        run.stopped().ifPresent(why -> drop(run, why));
        for (int i = 0; i < Math.min(run.size(), settings.parallelism()); i++) {
            threads.workers().execute(() -> named(run, () -> work(run)));
        }
        finish(run);
    }

    private void discover(ActiveRun run) {
        Connector connector = run.connector();
        try {
            discovery.discover(connector, run.preparation());
        } catch (FailureException e) {
            LOG.warn("The models could not be looked up: {}", e.failure().detail());
            run.because("The models could not be looked up: " + e.failure().detail());
        }
        // Its end is not decided on in between: either it ended before, or what is added ends with it.
        synchronized (run.order()) {
            if (!run.closed()) {
                add(run, connector);
            }
        }
    }

    private void add(ActiveRun run, Connector connector) {
        Set<String> known = run.results().stream().map(RunDataset::datasetId).collect(Collectors.toSet());
        List<RunDataset> more = new ArrayList<>();
        List<DatasetSync> syncs = new ArrayList<>();
        for (Dataset dataset : datasets.ofConnector(connector.project(), connector.id())) {
            if (!known.contains(dataset.id())) {
                SyncMode mode = SyncMode.of(run.requestedMode(), dataset, connector);
                syncs.add(new DatasetSync(run.id(), connector, dataset, mode));
                more.add(RunDataset.queued(dataset, mode.wanted()));
            }
        }
        // Written down first: whoever stops the run then writes down how they ended.
        journal.found(run, more, known.size());
        for (int i = 0; i < more.size(); i++) {
            run.add(syncs.get(i), more.get(i));
        }
    }

    private void work(ActiveRun run) {
        run.next().ifPresent(sync -> {
            settlement.settle(run, work.on(run, sync));
            if (!finish(run) && run.stopped().isEmpty()) {
                threads.workers().execute(() -> named(run, () -> work(run)));
            }
        });
    }

    /** Ends what is being done for a dataset that was deleted. */
    void deleted(String datasetId) {
        for (ActiveRun run : active()) {
            run.working().stream()
                    .filter(working -> working.dataset().id().equals(datasetId))
                    .forEach(working -> threads.closers().execute(() -> named(run, working.cancellation()::request)));
        }
    }

    /** Stops a run without waiting for it. */
    void stop(ActiveRun run, ActiveRun.Stop why) {
        threads.closers()
                .execute(() -> named(run, () -> {
                    drop(run, why);
                    threads.closers().execute(() -> named(run, run.preparation()::request));
                    for (DatasetSync working : run.working()) {
                        threads.closers().execute(() -> named(run, working.cancellation()::request));
                    }
                    if (!finish(run)) {
                        threads.clock().schedule(() -> abandon(run), GRACE.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }));
    }

    /** Ends what will never be begun. */
    private void drop(ActiveRun run, ActiveRun.Stop why) {
        for (DatasetSync dropped : run.stop(why)) {
            settlement.settle(
                    run,
                    Ending.without(
                            dropped,
                            Outcomes.dropped(run.result(dropped.dataset().id()), why)));
        }
    }

    /** Ends what did not let go in time; what it still does counts no more. */
    private void abandon(ActiveRun run) {
        named(run, () -> {
            for (DatasetSync working : run.working()) {
                LOG.warn(
                        "Dataset {} does not let go of its source",
                        working.dataset().name());
                run.stopped()
                        .ifPresent(why -> settlement.settle(
                                run,
                                Ending.without(
                                        working,
                                        Outcomes.stopped(
                                                run.result(working.dataset().id()), working.rowsRead(), why))));
            }
            run.abandon();
            finish(run);
        });
    }

    /** Writes down what could not be before, and ends the run if nothing else is left to do. */
    void catchUp(ActiveRun run) {
        settlement.catchUp(run);
        finish(run);
    }

    /** Ends the run if nothing is left to do; whether it has ended. */
    boolean finish(ActiveRun run) {
        synchronized (run.order()) {
            if (!run.close()) {
                return false;
            }
        }
        RunVerdict verdict;
        try {
            settlement.catchUp(run);
            verdict = RunVerdict.of(run.results(), run.stopped(), run.reason());
            if (!journal.ended(run, verdict)) {
                LOG.warn("The run had been closed by another process");
            }
        } catch (RuntimeException e) {
            LOG.error("The run's end could not be written down yet", e);
            run.reopen();
            return true;
        }
        active.remove(run.id());
        run.done().complete(true);
        Duration took = run.took();
        metrics.runEnded(run.connector().type(), verdict.status(), took);
        LOG.info("Sync of {} {} after {} ms", run.connector().slug(), verdict.status(), took.toMillis());
        return true;
    }

    private static void named(ActiveRun run, Runnable task) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable("run", run.id())) {
            task.run();
        }
    }
}
