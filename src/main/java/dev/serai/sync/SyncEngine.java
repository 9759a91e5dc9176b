package dev.serai.sync;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.settings.SeraiSettings;

/**
 * Works on claimed runs: a few datasets at a time, runs taking turns, until each dataset has ended. A run that is
 * stopped ends within seconds, even where a far system does not let go.
 */
@Component
class SyncEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SyncEngine.class);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final RunPreparation preparation;
    private final DatasetWork work;
    private final Settlement settlement;
    private final RunJournal journal;
    private final Retries retries;
    private final RunReport report;
    private final SyncThreads threads;
    private final Duration longest;
    private final Turns turns;
    private final Map<String, ActiveRun> active = new ConcurrentHashMap<>();

    SyncEngine(
            RunPreparation preparation,
            DatasetWork work,
            Settlement settlement,
            RunJournal journal,
            Retries retries,
            RunReport report,
            SyncMetrics metrics,
            SyncThreads threads,
            SeraiSettings settings) {
        this.preparation = preparation;
        this.work = work;
        this.settlement = settlement;
        this.journal = journal;
        this.retries = retries;
        this.report = report;
        this.threads = threads;
        this.longest = settings.sync().timeout();
        this.turns = new Turns(settings.sync().parallelism());
        metrics.watch(
                () -> count(ActiveRun::waiting),
                () -> count(run -> run.working().size()));
    }

    /** Takes on a run that was claimed for this process. */
    void submit(ActiveRun run) {
        active.put(run.id(), run);
        turns.enter(run);
        dispatch();
    }

    private int count(ToIntFunction<ActiveRun> its) {
        return active.values().stream().mapToInt(its).sum();
    }

    Collection<ActiveRun> active() {
        return List.copyOf(active.values());
    }

    Optional<ActiveRun> active(String runId) {
        return Optional.ofNullable(active.get(runId));
    }

    /** Gives each free worker something to do, while there is anything. */
    private void dispatch() {
        for (Optional<Turn> turn = turns.take(); turn.isPresent(); turn = turns.take()) {
            Turn next = turn.get();
            threads.workers().execute(() -> named(next.run(), () -> perform(next)));
        }
    }

    private void perform(Turn turn) {
        try {
            if (turn.sync() == null) {
                prepare(turn.run());
            } else {
                work(turn.run(), turn.sync());
            }
        } finally {
            turns.done(turn);
            dispatch();
        }
    }

    private void prepare(ActiveRun run) {
        Optional<Retries.Retry> again = Optional.empty();
        try {
            if (run.begin()) {
                if (!journal.started(run)) {
                    LOG.warn("The run was taken away before it began");
                    stop(run, ActiveRun.Stop.INTERRUPTED);
                    return;
                }
                ScheduledFuture<?> limit = later(longest, () -> stop(run, ActiveRun.Stop.TIMED_OUT));
                run.done().thenRun(() -> limit.cancel(false));
            }
            again = preparation.prepare(run);
        } catch (RuntimeException e) {
            LOG.error("The run could not begin", e);
            stop(run, ActiveRun.Stop.INTERRUPTED);
        } finally {
            again.ifPresentOrElse(
                    retry -> later(retry.after(), () -> {
                        run.resume();
                        dispatch();
                    }),
                    run::prepared);
        }
        if (again.isEmpty()) {
            LOG.info("Sync of {} began: {} datasets", run.connector().slug(), run.size());
            run.stopped().ifPresent(why -> drop(run, why));
            finish(run);
        }
    }

    private void work(ActiveRun run, DatasetSync sync) {
        Ending ending = work.on(run, sync);
        Failure failure = ending.failure();
        Optional<Retries.Retry> again = failure == null
                ? Optional.empty()
                : run.attempts(ending.datasetId(), retries::none).next(failure);
        if (again.isEmpty() || !retry(run, ending, again.get())) {
            settlement.settle(run, ending);
            finish(run);
        }
    }

    /** Lets a dataset wait, which takes no worker, and has it done once more; false where that is not to be. */
    private boolean retry(ActiveRun run, Ending failed, Retries.Retry retry) {
        RunDataset outcome = failed.outcome();
        RunError why = Objects.requireNonNull(outcome.error());
        RunDataset meanwhile = run.result(failed.datasetId()).warned(RunWarning.retried(retry.attempt(), why));
        if (!run.pause(failed.sync().again(), meanwhile)) {
            return false;
        }
        report.retried(run, failed.sync());
        LOG.warn(
                "Dataset {} failed after {} rows: {} ({}); attempt {} follows in {} ms",
                outcome.name(),
                outcome.rowsRead(),
                why.detail(),
                why.code(),
                retry.attempt(),
                retry.after().toMillis());
        try {
            journal.retrying(run, meanwhile, retry, why);
        } catch (RuntimeException e) {
            LOG.error("That dataset {} is tried again could not be written down", outcome.name(), e);
        }
        later(retry.after(), () -> resume(run, failed.datasetId()));
        return true;
    }

    private void resume(ActiveRun run, String datasetId) {
        run.resume(datasetId);
        dispatch();
    }

    private ScheduledFuture<?> later(Duration wait, Runnable task) {
        return threads.clock().schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends what is being done for a dataset that was deleted. */
    void deleted(String datasetId) {
        for (ActiveRun run : active()) {
            resume(run, datasetId);
            run.working().stream()
                    .filter(working -> working.dataset().id().equals(datasetId))
                    .forEach(working -> threads.closers().execute(() -> named(run, working.cancellation()::request)));
        }
    }

    /** Stops a run without waiting for it. */
    void stop(ActiveRun run, ActiveRun.Stop why) {
        threads.closers()
                .execute(() -> named(run, () -> {
                    // First what works: to write down anything may take long, as where the metadata database is away.
                    List<DatasetSync> dropped = run.stop(why);
                    threads.closers().execute(() -> named(run, run.preparation()::request));
                    for (DatasetSync working : run.working()) {
                        threads.closers().execute(() -> named(run, working.cancellation()::request));
                    }
                    settle(run, dropped, why);
                    if (!finish(run)) {
                        later(GRACE, () -> abandon(run));
                    }
                }));
    }

    /** Ends what will never be begun, or tried again. */
    private void drop(ActiveRun run, ActiveRun.Stop why) {
        settle(run, run.stop(why), why);
    }

    private void settle(ActiveRun run, List<DatasetSync> unbegun, ActiveRun.Stop why) {
        for (DatasetSync dropped : unbegun) {
            RunDataset dataset = run.result(dropped.dataset().id());
            settlement.settle(
                    run,
                    Ending.without(
                            dropped,
                            dropped.first() ? Outcomes.dropped(dataset, why) : Outcomes.stopped(dataset, 0, why)));
        }
    }

    /** Ends what did not let go in time, and frees its worker; what it still does counts no more. */
    private void abandon(ActiveRun run) {
        named(run, () -> {
            Map<Boolean, List<DatasetSync>> working = run.working().stream()
                    .collect(Collectors.partitioningBy(
                            sync -> sync.cancellation().tooLate()));
            List<DatasetSync> left = working.getOrDefault(false, List.of());
            for (DatasetSync sync : left) {
                LOG.warn(
                        "Dataset {} does not let go of its source",
                        sync.dataset().name());
                run.stopped().ifPresent(why -> settlement.settle(run, stopped(run, sync, why)));
                turns.done(new Turn(run, sync));
            }
            run.abandon(left);
            turns.done(new Turn(run, null));
            if (!finish(run)) {
                // A commit is going on, and only its end tells how the dataset ended.
                later(GRACE, () -> abandon(run));
            }
            dispatch();
        });
    }

    private static Ending stopped(ActiveRun run, DatasetSync sync, ActiveRun.Stop why) {
        RunDataset dataset = run.result(sync.dataset().id());
        return Ending.without(sync, Outcomes.stopped(dataset, sync.rowsRead(), why));
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
        turns.leave(run);
        run.done().complete(true);
        report.runEnded(run, verdict);
        return true;
    }

    private static void named(ActiveRun run, Runnable task) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable("run", run.id())) {
            task.run();
        }
    }
}
