package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.audit.AuditLog;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Writes down what becomes of runs, each step together with the event that tells it. */
@Component
class RunJournal {
    private final RunClaims runs;
    private final RunDatasetStore datasets;
    private final RunEventStore events;
    private final TransactionOperations transactions;
    private final Instance instance;
    private final AuditLog audit;
    private final Clock clock;
    private final RunLeases leases;

    RunJournal(
            RunClaims runs,
            RunDatasetStore datasets,
            RunEventStore events,
            TransactionOperations transactions,
            Instance instance,
            AuditLog audit,
            RunLeases leases,
            Clock clock) {
        this.leases = leases;
        this.audit = audit;
        this.runs = runs;
        this.datasets = datasets;
        this.events = events;
        this.transactions = transactions;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * Claims a connector for a new run.
     *
     * @throws org.springframework.dao.DuplicateKeyException where it has a run going on
     */
    void open(ActiveRun run, RunOrder order) {
        Instant now = now();
        transactions.executeWithoutResult(tx -> {
            runs.claim(new RunClaims.Claim(run.id(), order, instance.id(), now, leases.length()));
            datasets.insert(run.id(), run.work().results(), 0);
            audit.changed(
                    order.connector().project(),
                    "sync.start",
                    run.id(),
                    run.connector().name(),
                    run.connector().id(),
                    Json.newObject()
                            .put("trigger", order.trigger())
                            .put("mode", run.requestedMode())
                            .put("datasets", run.work().results().size()));
        });
    }

    /** Asks whoever holds the run to stop it. */
    void requestCancel(Run run, String project) {
        transactions.executeWithoutResult(tx -> {
            runs.requestCancel(run.id());
            audit.changed(project, "sync.cancel", run.id(), null, run.connectorId(), Json.newObject());
        });
    }

    /** Whether the run may begin: it was neither cancelled nor taken over while it waited. */
    boolean started(ActiveRun run) {
        Instant now = now();
        return inOrder(run, () -> {
            boolean ours = runs.started(run.id(), instance.id(), now);
            if (ours) {
                events.append(run.id(), "run.started", EventData.about(run), now);
            }
            return ours;
        });
    }

    /** Adds datasets that were discovered when the run had begun. */
    void found(ActiveRun run, List<RunDataset> more, int firstPlace) {
        inOrder(run, () -> {
            datasets.insert(run.id(), more, firstPlace);
            return true;
        });
    }

    void datasetStarted(ActiveRun run, RunDataset dataset) {
        Instant now = now();
        inOrder(run, () -> {
            datasets.started(run.id(), dataset.running(), now);
            events.append(run.id(), "dataset.started", EventData.about(run, dataset), now);
            return true;
        });
    }

    /** Tells that a dataset failed and is tried again. */
    void retrying(ActiveRun run, RunDataset dataset, Retries.Retry retry, RunError why) {
        Instant now = now();
        inOrder(run, () -> {
            datasets.warned(run.id(), dataset);
            datasets.progress(run.id(), dataset.datasetId(), null);
            events.append(
                    run.id(), "dataset.retrying", EventData.retrying(EventData.about(run, dataset), retry, why), now);
            return true;
        });
    }

    /** Tells that the models could not be looked up and that this is tried again. */
    void retrying(ActiveRun run, Retries.Retry retry, RunError why) {
        Instant now = now();
        inOrder(run, () -> {
            events.append(run.id(), "run.retrying", EventData.retrying(EventData.about(run), retry, why), now);
            return true;
        });
    }

    void progress(ActiveRun run, RunDataset dataset, Progress progress) {
        Instant now = now();
        inOrder(run, () -> {
            String told = Json.write(progress);
            datasets.progress(run.id(), dataset.datasetId(), told);
            events.append(
                    run.id(), RunEvent.PROGRESS, EventData.about(run, dataset).setAll(Json.object(told)), now);
            return true;
        });
    }

    /**
     * Ends a dataset, in one transaction with what is noted at the dataset itself.
     *
     * @param note told whether the run is still this process's; else only the dataset is noted, not the run
     * @return how it ended by what the note says
     */
    RunDataset datasetEnded(ActiveRun run, Function<Boolean, RunDataset> note) {
        Instant now = now();
        synchronized (run.order()) {
            return Objects.requireNonNull(transactions.execute(tx -> {
                boolean ours = runs.isHeldBy(run.id(), instance.id());
                RunDataset outcome = note.apply(ours);
                if (ours && datasets.ended(run.id(), outcome, now)) {
                    events.append(
                            run.id(), "dataset.finished", EventData.ended(EventData.about(run, outcome), outcome), now);
                }
                return outcome;
            }));
        }
    }

    /** Ends the run and frees its connector; false if another process had closed it. */
    boolean ended(ActiveRun run, RunVerdict verdict) {
        return inOrder(run, () -> close(run.id(), run.connector().id(), verdict));
    }

    /**
     * Closes a run that this process holds.
     *
     * @param connectorId where the event is to tell it, else null
     */
    boolean close(String runId, @Nullable String connectorId, RunVerdict verdict) {
        Instant now = now();
        boolean ours = runs.finished(runId, instance.id(), verdict.status(), verdict.reason(), now);
        if (ours) {
            events.forgetProgress(runId);
            ObjectNode data = Json.newObject()
                    .put("run_id", runId)
                    .put("status", verdict.status())
                    .put("reason", verdict.reason());
            if (connectorId != null) {
                data.put("connector_id", connectorId);
            }
            events.append(runId, RunEvent.RUN_FINISHED, data, now);
        }
        return ours;
    }

    /** One step of a run at a time, so that its events have one order; none once another process has taken it over. */
    private boolean inOrder(ActiveRun run, BooleanSupplier step) {
        synchronized (run.order()) {
            return Boolean.TRUE.equals(
                    transactions.execute(tx -> runs.isHeldBy(run.id(), instance.id()) && step.getAsBoolean()));
        }
    }

    private Instant now() {
        return Times.stored(clock.instant());
    }
}
