package dev.serai.sync;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which runs does this process work on? Those that entered, until their end is written down. */
final class RunRegister {
    private static final Logger LOG = LoggerFactory.getLogger(RunRegister.class);

    private final Turns turns;
    private final Settlement settlement;
    private final RunJournal journal;
    private final RunReport report;
    private final Map<String, ActiveRun> active = new ConcurrentHashMap<>();

    RunRegister(Turns turns, Settlement settlement, RunJournal journal, RunReport report, SyncMetrics metrics) {
        this.turns = turns;
        this.settlement = settlement;
        this.journal = journal;
        this.report = report;
        metrics.watch(
                () -> count(run -> run.work().waiting()),
                () -> count(run -> run.work().working().size()));
    }

    void enter(ActiveRun run) {
        active.put(run.id(), run);
        turns.enter(run);
    }

    Collection<ActiveRun> active() {
        return List.copyOf(active.values());
    }

    Optional<ActiveRun> active(String runId) {
        return Optional.ofNullable(active.get(runId));
    }

    private int count(ToIntFunction<ActiveRun> its) {
        return active.values().stream().mapToInt(its).sum();
    }

    /** Writes down what could not be before, and ends the run if nothing else is left to do. */
    void catchUp(ActiveRun run) {
        settlement.catchUp(run);
        finish(run);
    }

    /** Ends the run if nothing is left to do; false where something is, and where it had ended before. */
    boolean finish(ActiveRun run) {
        synchronized (run.order()) {
            if (!run.work().close()) {
                return false;
            }
        }
        RunVerdict verdict;
        try {
            settlement.catchUp(run);
            verdict = RunVerdict.of(run.work().results(), run.work().stopped(), run.reason());
            if (!journal.ended(run, verdict)) {
                LOG.warn("The run had been closed by another process");
            }
        } catch (RuntimeException e) {
            LOG.error("The run's end could not be written down yet", e);
            run.work().reopen();
            return true;
        }
        active.remove(run.id());
        turns.leave(run);
        run.done().complete(true);
        report.runEnded(run, verdict);
        return true;
    }
}
