package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.metadata.Times;

/** What becomes of runs whose process is gone? Those that it had begun are closed, the others are this process's now. */
@Component
class RunTakeover {
    /** A run whose process was gone, with the datasets it was working on. */
    record Interrupted(String runId, List<String> datasets) {}

    /** What processes that are gone left: runs that were closed, and those that nobody had begun, which are ours now. */
    record Left(List<Interrupted> closed, List<String> waiting) {}

    private final RunClaims runs;
    private final RunDatasetStore datasets;
    private final RunJournal journal;
    private final RunLeases leases;
    private final Aftermath aftermath;
    private final TransactionOperations transactions;
    private final Instance instance;
    private final Clock clock;

    RunTakeover(
            RunClaims runs,
            RunDatasetStore datasets,
            RunJournal journal,
            RunLeases leases,
            Aftermath aftermath,
            TransactionOperations transactions,
            Instance instance,
            Clock clock) {
        this.runs = runs;
        this.datasets = datasets;
        this.journal = journal;
        this.leases = leases;
        this.aftermath = aftermath;
        this.transactions = transactions;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * Closes the runs of processes that are gone, and takes over those that they had not begun.
     *
     * @param goneHolder a process known to be gone although its lease has not lapsed, or null
     * @param ours runs that this process works on, whose leases may have lapsed while it could not renew them
     */
    Left takeOver(@Nullable String goneHolder, Predicate<String> ours) {
        List<Interrupted> closed = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (String id : runs.lapsed(goneHolder)) {
            if (!ours.test(id) && runs.takeOver(id, instance.id(), goneHolder, leases.length())) {
                if (runs.waiting(id).isPresent()) {
                    waiting.add(id);
                } else {
                    closed.add(interrupt(id));
                }
            }
        }
        return new Left(closed, waiting);
    }

    /** Closes a run that this process holds and cannot go on with. */
    Interrupted interrupt(String id) {
        Instant now = Times.stored(clock.instant());
        return Objects.requireNonNull(transactions.execute(tx -> interrupt(id, now)));
    }

    private Interrupted interrupt(String id, Instant now) {
        List<String> failed = new ArrayList<>();
        RunClaims.Origin origin = runs.origin(id);
        for (RunDataset dataset : datasets.ofRun(id)) {
            if (dataset.status().equals("running")) {
                RunDataset outcome = aftermath.of(origin.project(), id, dataset, origin.asked());
                datasets.ended(id, outcome, now);
                if (outcome.error() != null) {
                    failed.add(dataset.datasetId());
                }
            } else if (!dataset.ended()) {
                datasets.ended(id, dataset.skipped("The run was interrupted before it came to this dataset."), now);
            }
        }
        List<RunDataset> results = datasets.ofRun(id);
        journal.close(id, null, RunVerdict.of(results, Optional.of(ActiveRun.Stop.INTERRUPTED), null));
        return new Interrupted(id, failed);
    }
}
