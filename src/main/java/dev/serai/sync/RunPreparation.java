package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Finds out which datasets a run is about, where that is only known once the connector's models were looked up. */
@Component
class RunPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(RunPreparation.class);

    private final RunJournal journal;
    private final Datasets datasets;
    private final DatasetDiscovery discovery;
    private final Retries retries;

    RunPreparation(RunJournal journal, Datasets datasets, DatasetDiscovery discovery, Retries retries) {
        this.journal = journal;
        this.datasets = datasets;
        this.discovery = discovery;
        this.retries = retries;
    }

    /** Looks the models up; gives when to try that again, where it failed for now. */
    Optional<Retries.Retry> prepare(ActiveRun run) {
        if (!run.discovers()) {
            return Optional.empty();
        }
        Connector connector = run.connector();
        try {
            discovery.discover(connector, run.preparation());
        } catch (FailureException e) {
            Optional<Retries.Retry> again = again(run, e.failure());
            if (again.isPresent()) {
                return again;
            }
            LOG.warn("The models could not be looked up: {}", e.failure().detail());
            run.because("The models could not be looked up: " + e.failure().detail());
        }
        // Its end is not decided on in between: either it ended before, or what is added ends with it.
        synchronized (run.order()) {
            if (!run.work().closed()) {
                add(run, connector);
            }
        }
        return Optional.empty();
    }

    private Optional<Retries.Retry> again(ActiveRun run, Failure failure) {
        Optional<Retries.Retry> retry = run.attempts("", retries::none)
                .next(failure)
                .filter(next -> run.work().pause());
        retry.ifPresent(next -> {
            LOG.warn(
                    "The models could not be looked up: {} ({}); attempt {} follows in {} ms",
                    failure.detail(),
                    failure.code(),
                    next.attempt(),
                    next.after().toMillis());
            journal.retrying(run, next, RunError.of(failure));
        });
        return retry;
    }

    private void add(ActiveRun run, Connector connector) {
        Set<String> known =
                run.work().results().stream().map(RunDataset::datasetId).collect(Collectors.toSet());
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
            run.work().add(syncs.get(i), more.get(i));
        }
    }
}
