package dev.serai.sync;

import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Datasets;

/** Syncs one dataset of a run, and tells how that ended. */
@Component
class DatasetWork {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetWork.class);

    private final DatasetFlow flow;
    private final RunJournal journal;
    private final RunLeases leases;
    private final Datasets datasets;
    private final Aftermath aftermath;

    DatasetWork(DatasetFlow flow, RunJournal journal, RunLeases leases, Datasets datasets, Aftermath aftermath) {
        this.aftermath = aftermath;
        this.flow = flow;
        this.journal = journal;
        this.leases = leases;
        this.datasets = datasets;
    }

    /** Blocks until the dataset has a new version, or will have none. */
    Ending on(ActiveRun run, DatasetSync sync) {
        RunDataset dataset = run.work().result(sync.dataset().id());
        if (sync.mode().needsWatermark()) {
            return Ending.without(
                    sync, dataset.skipped("An incremental sync needs a watermark column, and none is named."));
        }
        try (sync) {
            sync.began();
            sync.cancellation().onlyWith(() -> leases.holds(run));
            if (!sync.told()) {
                journal.datasetStarted(run, dataset);
                sync.tell();
            }
            return deleted(sync)
                    ? Ending.without(sync, Outcomes.deleted(dataset, 0))
                    : Ending.of(sync, dataset, flow.run(sync));
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            return committed(sync, dataset).orElseGet(() -> thrown(run, sync, dataset, e));
        }
    }

    /** What was thrown once the lake had the rows, such as by a source that is closed, takes nothing back. */
    private Optional<Ending> committed(DatasetSync sync, RunDataset dataset) {
        if (!sync.cancellation().tooLate()) {
            return Optional.empty();
        }
        try {
            return aftermath
                    .committed(
                            sync.dataset(),
                            sync.runId(),
                            sync.mode().wanted(),
                            sync.plan().dataset().watermark(),
                            sync.readAt())
                    .map(result -> Ending.of(sync, dataset, result));
        } catch (RuntimeException e) {
            LOG.error("Whether dataset {} was loaded cannot be told", dataset.name(), e);
            return Optional.empty();
        }
    }

    private Ending thrown(ActiveRun run, DatasetSync sync, RunDataset dataset, Throwable thrown) {
        if (run.work().stopped().isEmpty() && deleted(sync)) {
            return Ending.without(sync, Outcomes.deleted(dataset, sync.rowsRead()));
        }
        Ending ending = Ending.without(
                sync, Outcomes.thrown(dataset, sync, thrown, run.work().stopped()));
        return Outcomes.failure(thrown)
                .filter(failure -> ending.outcome().error() != null)
                .map(ending::because)
                .orElse(ending);
    }

    /** Whoever deletes a dataset takes away the folder its rows are written to, so anything may have been thrown. */
    private boolean deleted(DatasetSync sync) {
        try {
            return !datasets.exists(sync.dataset().id());
        } catch (RuntimeException e) {
            LOG.error(
                    "Whether dataset {} is still there cannot be told",
                    sync.dataset().name(),
                    e);
            return false;
        }
    }
}
