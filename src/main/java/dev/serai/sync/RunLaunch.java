package dev.serai.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.metadata.Ids;

/** Makes this process work on runs: new ones, and those that a process which is gone had not begun. */
@Component
class RunLaunch {
    private static final Logger LOG = LoggerFactory.getLogger(RunLaunch.class);

    private final ConnectorStore connectors;
    private final Datasets datasets;
    private final RunClaims runs;
    private final RunDatasetStore runDatasets;
    private final RunJournal journal;
    private final RunTakeover takeover;
    private final SyncEngine engine;

    RunLaunch(
            ConnectorStore connectors,
            Datasets datasets,
            RunClaims runs,
            RunDatasetStore runDatasets,
            RunJournal journal,
            RunTakeover takeover,
            SyncEngine engine) {
        this.connectors = connectors;
        this.datasets = datasets;
        this.runs = runs;
        this.runDatasets = runDatasets;
        this.journal = journal;
        this.takeover = takeover;
        this.engine = engine;
    }

    /**
     * Claims the connector for a run that {@link #begin} sets going once the caller's transaction is through.
     *
     * @throws org.springframework.dao.DuplicateKeyException where the connector has a run going on
     */
    ActiveRun open(RunOrder order) {
        ActiveRun run = prepared(Ids.next("run"), order);
        journal.open(run, order);
        return run;
    }

    void begin(ActiveRun run) {
        engine.submit(run);
    }

    private static ActiveRun prepared(String id, RunOrder order) {
        Connector connector = order.connector();
        ActiveRun run = new ActiveRun(id, connector, order.mode(), order.whole() && connector.discovery() != null);
        for (Dataset dataset : order.datasets()) {
            SyncMode its = SyncMode.of(order.mode(), dataset, connector);
            run.work()
                    .add(
                            new DatasetSync(id, connector, dataset, its, order.upload()),
                            RunDataset.queued(dataset, its.wanted()));
        }
        return run;
    }

    /** Works on a run that this process has taken over; closes it where that cannot be done any more. */
    void resume(String id) {
        Set<String> chosen =
                runDatasets.ofRun(id).stream().map(RunDataset::datasetId).collect(Collectors.toSet());
        Optional<RunOrder> order = runs.waiting(id)
                .flatMap(waiting -> connectors
                        .find(waiting.project(), waiting.connectorId())
                        .map(connector -> order(chosen, connector, waiting)))
                .filter(found -> found.datasets().size() == chosen.size());
        if (order.isPresent()) {
            LOG.info(
                    "Run {} of {} is taken over: the process that was to begin it is gone",
                    id,
                    order.get().connector().slug());
            begin(prepared(id, order.get()));
        } else {
            takeover.interrupt(id);
        }
    }

    private RunOrder order(Set<String> chosen, Connector connector, RunClaims.Waiting waiting) {
        List<Dataset> there = datasets.ofConnector(connector.project(), connector.id()).stream()
                .filter(dataset -> chosen.contains(dataset.id()))
                .toList();
        return new RunOrder(connector, waiting.mode(), there, waiting.whole(), "", "", null);
    }
}
