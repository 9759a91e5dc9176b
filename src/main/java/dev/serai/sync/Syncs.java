package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Page;

/** Starts syncs, tells how they go, stops them. */
@Service
public class Syncs {
    private final ConnectorStore connectors;
    private final Datasets datasets;
    private final SyncTerms terms;
    private final SyncEngine engine;
    private final SyncKeeper keeper;
    private final RunLaunch launch;
    private final RunJournal journal;
    private final RunStore runs;
    private final RunDatasetStore runDatasets;
    private final RunEventStore events;
    private final SyncThreads threads;

    Syncs(
            ConnectorStore connectors,
            Datasets datasets,
            SyncTerms terms,
            SyncEngine engine,
            SyncKeeper keeper,
            RunLaunch launch,
            RunJournal journal,
            RunStore runs,
            RunDatasetStore runDatasets,
            RunEventStore events,
            SyncThreads threads) {
        this.connectors = connectors;
        this.datasets = datasets;
        this.terms = terms;
        this.engine = engine;
        this.keeper = keeper;
        this.launch = launch;
        this.journal = journal;
        this.runs = runs;
        this.runDatasets = runDatasets;
        this.events = events;
        this.threads = threads;
    }

    /**
     * Starts a run of a connector and returns at once.
     *
     * @param mode {@code full} or {@code incremental} for all its datasets; null: each one's own
     * @param datasetIds which datasets; null or empty: all
     * @param trigger {@code manual}, {@code schedule} or {@code upload}
     * @throws FailureException {@code run_in_progress}, {@code connector_disabled}, {@code not_syncable}
     */
    public Run start(
            String project,
            String connectorId,
            @Nullable String mode,
            @Nullable List<String> datasetIds,
            String trigger,
            String startedBy) {
        Connector connector = connectors
                .find(project, connectorId)
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such connector.")));
        List<String> ids = datasetIds == null ? List.of() : datasetIds;
        boolean all = ids.isEmpty();
        List<Fault> faults = new ArrayList<>();
        if (mode != null && !Set.of(SyncMode.FULL, SyncMode.INCREMENTAL).contains(mode)) {
            faults.add(new Fault("/mode", "must be one of incremental, full"));
        }
        List<Dataset> own = datasets.ofConnector(project, connectorId);
        List<Dataset> chosen = all ? own : choose(own, ids, faults);
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        terms.check(connector);
        return begin(new RunOrder(connector, mode, chosen, all, trigger, startedBy, null));
    }

    /**
     * Starts a run of one dataset.
     *
     * @throws FailureException as for a connector, and {@code connector_deleted}
     */
    public Run startDataset(String project, String datasetId, String startedBy) {
        Dataset dataset = datasets.get(project, datasetId);
        Connector connector = connectors
                .find(project, dataset.connectorId())
                .orElseThrow(() -> new FailureException(new Failure.Conflict(
                        "connector_deleted", "The dataset's connector was deleted; its rows stay as they are.")));
        terms.check(connector);
        return begin(new RunOrder(connector, null, List.of(dataset), false, "manual", startedBy, null));
    }

    /** Starts a run of one dataset whose rows were uploaded; their file is removed when it has ended. */
    Run begin(Connector connector, Dataset dataset, Upload upload, String startedBy) {
        return begin(
                new RunOrder(connector, SyncMode.FULL, List.of(dataset), false, "upload", startedBy, null, upload));
    }

    private static List<Dataset> choose(List<Dataset> own, List<String> ids, List<Fault> faults) {
        Map<String, Dataset> byId = own.stream().collect(Collectors.toMap(Dataset::id, Function.identity()));
        List<Dataset> chosen = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            Dataset dataset = byId.remove(ids.get(i));
            if (dataset == null) {
                faults.add(new Fault("/datasets/" + i, "is no dataset of the connector, or is listed twice"));
            } else {
                chosen.add(dataset);
            }
        }
        return chosen;
    }

    private Run begin(RunOrder order) {
        if (!keeper.open()) {
            throw new FailureException(new Failure.Busy("shutting_down", "Serai is stopping.", Duration.ofSeconds(10)));
        }
        keeper.closeLapsed(null);
        ActiveRun run;
        try {
            run = launch.open(order);
        } catch (DuplicateKeyException e) {
            throw new FailureException(
                    new Failure.Conflict("run_in_progress", "A sync of this connector is going on."), e);
        }
        Upload upload = order.upload();
        if (upload != null) {
            run.done().whenComplete((ended, failed) -> upload.file().close());
        }
        Run opened = get(order.connector().project(), run.id());
        launch.begin(run);
        return opened;
    }

    public Run get(String project, String id) {
        return find(project, id).with(runDatasets.ofRun(id));
    }

    private Run find(String project, String id) {
        return runs.find(project, id)
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such run.")));
    }

    /** A page, newest first; of one connector or of all. */
    public Page<Run> list(String project, @Nullable String connectorId, int limit, @Nullable String cursor) {
        List<Run> found = runs.list(project, connectorId, Cursor.after(cursor), limit + 1);
        Map<String, List<RunDataset>> its =
                runDatasets.ofRuns(found.stream().map(Run::id).toList());
        return Page.of(found, limit, Run::id).map(run -> run.with(its.getOrDefault(run.id(), List.of())));
    }

    /** The runs of these ids, without their datasets. */
    public Map<String, Run> named(Collection<String> ids) {
        return runs.named(ids).stream().collect(Collectors.toMap(Run::id, Function.identity()));
    }

    /** The newest run of each connector that has any, by the connector's id, without datasets. */
    public Map<String, Run> latest(Collection<String> connectorIds) {
        return runs.latest(connectorIds).stream().collect(Collectors.toMap(Run::connectorId, Function.identity()));
    }

    /** How many runs of each of these connectors failed since the last one that succeeded; cancelled ones do not count. */
    public Map<String, Integer> consecutiveFailures(Collection<String> connectorIds) {
        return runs.consecutiveFailures(connectorIds);
    }

    /**
     * Asks a run to stop; within seconds it is {@code cancelled}. Asking again does nothing.
     *
     * @throws FailureException {@code run_ended}
     */
    public Run cancel(String project, String id) {
        Run run = find(project, id);
        if (run.ended() && !run.status().equals("cancelled")) {
            throw new FailureException(new Failure.Conflict("run_ended", "The run has ended: " + run.status() + "."));
        }
        journal.requestCancel(run, project);
        engine.active(id).ifPresent(active -> engine.stop(active, ActiveRun.Stop.CANCELLED));
        return get(project, id);
    }

    /** Ends what a run does for a dataset that was deleted; its other datasets go on. */
    public void forget(String datasetId) {
        engine.deleted(datasetId);
    }

    public RunEvents events(String project, String id) {
        return new RunEvents(events, threads.deliveries(), find(project, id).id());
    }
}
