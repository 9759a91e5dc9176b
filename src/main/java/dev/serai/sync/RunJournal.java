package dev.serai.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.audit.AuditLog;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.settings.SeraiSettings;

/** Writes down what becomes of runs, each step together with the event that tells it. */
@Component
class RunJournal {
    private static final Logger LOG = LoggerFactory.getLogger(RunJournal.class);

    /** A run whose process was gone, with the datasets it was working on. */
    record Interrupted(String runId, List<String> datasets) {}

    /** What processes that are gone left: runs that were closed, and those that nobody had begun, which are ours now. */
    record Left(List<Interrupted> closed, List<String> waiting) {}

    private final RunStore runs;
    private final RunDatasetStore datasets;
    private final RunEventStore events;
    private final TransactionOperations transactions;
    private final Aftermath aftermath;
    private final Instance instance;
    private final AuditLog audit;
    private final Clock clock;
    private final Duration lease;

    RunJournal(
            RunStore runs,
            RunDatasetStore datasets,
            RunEventStore events,
            TransactionOperations transactions,
            Aftermath aftermath,
            Instance instance,
            AuditLog audit,
            Clock clock,
            SeraiSettings settings) {
        this.lease = settings.sync().lease();
        this.audit = audit;
        this.runs = runs;
        this.datasets = datasets;
        this.events = events;
        this.transactions = transactions;
        this.aftermath = aftermath;
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
            runs.claim(new RunStore.Claim(run.id(), order, instance.id(), now, lease));
            datasets.insert(run.id(), run.results(), 0);
            audit.changed(
                    order.connector().project(),
                    "sync.start",
                    run.id(),
                    run.connector().name(),
                    run.connector().id(),
                    Json.newObject()
                            .put("trigger", order.trigger())
                            .put("mode", run.requestedMode())
                            .put("datasets", run.results().size()));
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
                events.append(run.id(), "run.started", about(run), now);
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
            events.append(run.id(), "dataset.started", about(run, dataset), now);
            return true;
        });
    }

    /** Tells that a dataset failed and is tried again. */
    void retrying(ActiveRun run, RunDataset dataset, Retries.Retry retry, RunError why) {
        Instant now = now();
        inOrder(run, () -> {
            datasets.warned(run.id(), dataset);
            datasets.progress(run.id(), dataset.datasetId(), null);
            events.append(run.id(), "dataset.retrying", retrying(about(run, dataset), retry, why), now);
            return true;
        });
    }

    /** Tells that the models could not be looked up and that this is tried again. */
    void retrying(ActiveRun run, Retries.Retry retry, RunError why) {
        Instant now = now();
        inOrder(run, () -> {
            events.append(run.id(), "run.retrying", retrying(about(run), retry, why), now);
            return true;
        });
    }

    private static ObjectNode retrying(ObjectNode data, Retries.Retry retry, RunError why) {
        return with(
                data.put("attempt", retry.attempt())
                        .put("wait_ms", retry.after().toMillis()),
                why);
    }

    void progress(ActiveRun run, RunDataset dataset, Progress progress) {
        Instant now = now();
        inOrder(run, () -> {
            String told = Json.write(progress);
            datasets.progress(run.id(), dataset.datasetId(), told);
            events.append(run.id(), RunEvent.PROGRESS, about(run, dataset).setAll(Json.object(told)), now);
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
                    events.append(run.id(), "dataset.finished", ended(about(run, outcome), outcome), now);
                }
                return outcome;
            }));
        }
    }

    /** Ends the run and frees its connector; false if another process had closed it. */
    boolean ended(ActiveRun run, RunVerdict verdict) {
        return inOrder(run, () -> close(run.id(), run.connector().id(), verdict));
    }

    RunStore.Lease renew(ActiveRun run) {
        long asked = System.nanoTime();
        RunStore.Lease answer = runs.renew(run.id(), instance.id(), lease);
        if (answer != RunStore.Lease.LOST) {
            run.renewed(asked);
        }
        return answer;
    }

    /** Whether the run may be somebody else's soon, as this process could not say that it still works on it. */
    boolean slipping(ActiveRun run) {
        return run.sinceRenewed().compareTo(lease.multipliedBy(2).dividedBy(3)) > 0;
    }

    /** Whether the run is this process's for some time to come; asks where that is in doubt. */
    boolean holds(ActiveRun run) {
        try {
            return !slipping(run) || renew(run) != RunStore.Lease.LOST;
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Whether run {} is still this process's cannot be told", run.id(), e);
            return false;
        }
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
            if (!ours.test(id) && runs.takeOver(id, instance.id(), goneHolder, lease)) {
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
        Instant now = now();
        return Objects.requireNonNull(transactions.execute(tx -> interrupt(id, now)));
    }

    private Interrupted interrupt(String id, Instant now) {
        List<String> failed = new ArrayList<>();
        RunStore.Origin origin = runs.origin(id);
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
        close(id, null, RunVerdict.of(results, Optional.of(ActiveRun.Stop.INTERRUPTED), null));
        return new Interrupted(id, failed);
    }

    private boolean close(String runId, @Nullable String connectorId, RunVerdict verdict) {
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

    private static ObjectNode about(ActiveRun run) {
        return Json.newObject()
                .put("run_id", run.id())
                .put("connector_id", run.connector().id());
    }

    private static ObjectNode about(ActiveRun run, RunDataset dataset) {
        return about(run).put("dataset_id", dataset.datasetId()).put("name", dataset.name());
    }

    private static ObjectNode ended(ObjectNode data, RunDataset dataset) {
        data.put("status", dataset.status())
                .put("reason", dataset.reason())
                .put("rows_read", dataset.rowsRead())
                .put("rows_written", dataset.rowsWritten())
                .put("rows_deleted", dataset.rowsDeleted())
                .put("bytes", dataset.bytes())
                .put("watermark_after", dataset.watermarkAfter())
                .put("version", dataset.version());
        return dataset.error() == null ? data : with(data, dataset.error());
    }

    private static ObjectNode with(ObjectNode data, RunError error) {
        data.putObject("error")
                .put("code", error.code())
                .put("detail", error.detail())
                .put("layer", error.layer())
                .put("retryable", error.retryable());
        return data;
    }

    private Instant now() {
        return Times.stored(clock.instant());
    }
}
