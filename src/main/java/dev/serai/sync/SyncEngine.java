package dev.serai.sync;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private final RunPreparation preparation;
    private final DatasetWork work;
    private final Settlement settlement;
    private final RunJournal journal;
    private final Retries retries;
    private final RunReport report;
    private final SyncThreads threads;
    private final Duration longest;
    private final Turns turns;
    private final RunRegister register;
    private final RunStop stopping;

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
        this.register = new RunRegister(turns, settlement, journal, report, metrics);
        this.stopping = new RunStop(register, turns, settlement, threads, this::dispatch);
    }

    /** Takes on a run that was claimed for this process. */
    void submit(ActiveRun run) {
        register.enter(run);
        dispatch();
    }

    Collection<ActiveRun> active() {
        return register.active();
    }

    Optional<ActiveRun> active(String runId) {
        return register.active(runId);
    }

    /** Stops a run without waiting for it. */
    void stop(ActiveRun run, ActiveRun.Stop why) {
        stopping.stop(run, why);
    }

    /** Writes down what could not be before, and ends the run if nothing else is left to do. */
    void catchUp(ActiveRun run) {
        register.catchUp(run);
    }

    /** Gives each free worker something to do, while there is anything. */
    private void dispatch() {
        for (Optional<Turn> turn = turns.take(); turn.isPresent(); turn = turns.take()) {
            Turn next = turn.get();
            threads.workers().execute(() -> next.run().named(() -> perform(next)));
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
                ScheduledFuture<?> limit = threads.later(longest, () -> stop(run, ActiveRun.Stop.TIMED_OUT));
                run.done().thenRun(() -> limit.cancel(false));
            }
            again = preparation.prepare(run);
        } catch (RuntimeException e) {
            LOG.error("The run could not begin", e);
            stop(run, ActiveRun.Stop.INTERRUPTED);
        } finally {
            again.ifPresentOrElse(
                    retry -> threads.later(retry.after(), () -> {
                        run.work().resume();
                        dispatch();
                    }),
                    run.work()::prepared);
        }
        if (again.isEmpty()) {
            LOG.info(
                    "Sync of {} began: {} datasets",
                    run.connector().slug(),
                    run.work().size());
            run.work().stopped().ifPresent(why -> stopping.drop(run, why));
            register.finish(run);
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
            register.finish(run);
        }
    }

    /** Lets a dataset wait, which takes no worker, and has it done once more; false where that is not to be. */
    private boolean retry(ActiveRun run, Ending failed, Retries.Retry retry) {
        RunDataset outcome = failed.outcome();
        RunError why = Objects.requireNonNull(outcome.error());
        RunDataset meanwhile = run.work().result(failed.datasetId()).warned(RunWarning.retried(retry.attempt(), why));
        if (!run.work().pause(failed.sync().again(), meanwhile)) {
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
        threads.later(retry.after(), () -> resume(run, failed.datasetId()));
        return true;
    }

    private void resume(ActiveRun run, String datasetId) {
        run.work().resume(datasetId);
        dispatch();
    }

    /** Ends what is being done for a dataset that was deleted. */
    void deleted(String datasetId) {
        for (ActiveRun run : active()) {
            resume(run, datasetId);
            run.work().working().stream()
                    .filter(working -> working.dataset().id().equals(datasetId))
                    .forEach(working -> threads.closers().execute(() -> run.named(working.cancellation()::request)));
        }
    }
}
