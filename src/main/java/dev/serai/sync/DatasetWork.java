package dev.serai.sync;

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
    private final Datasets datasets;

    DatasetWork(DatasetFlow flow, RunJournal journal, Datasets datasets) {
        this.flow = flow;
        this.journal = journal;
        this.datasets = datasets;
    }

    /** Blocks until the dataset has a new version, or will have none. */
    Ending on(ActiveRun run, DatasetSync sync) {
        RunDataset dataset = run.result(sync.dataset().id());
        if (sync.mode().needsWatermark()) {
            return Ending.without(
                    sync, dataset.skipped("An incremental sync needs a watermark column, and none is named."));
        }
        try (sync) {
            sync.began();
            journal.datasetStarted(run, dataset);
            return deleted(sync)
                    ? Ending.without(sync, Outcomes.deleted(dataset, 0))
                    : Ending.of(sync, dataset, flow.run(sync));
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            return Ending.without(
                    sync,
                    run.stopped().isEmpty() && deleted(sync)
                            ? Outcomes.deleted(dataset, sync.rowsRead())
                            : Outcomes.thrown(dataset, sync, e, run.stopped()));
        }
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
