package dev.serai.sync;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Datasets;
import dev.serai.dataset.SyncedState;

/**
 * Writes down how datasets ended: in the run and at the dataset itself, both or neither. What the metadata database does
 * not take now is kept and told to it later; until then the lake alone knows.
 */
@Component
class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final RunJournal journal;
    private final Datasets datasets;
    private final RunReport report;

    Settlement(RunJournal journal, Datasets datasets, RunReport report) {
        this.journal = journal;
        this.datasets = datasets;
        this.report = report;
    }

    /** Settles a dataset, once: whoever comes second is not heard. */
    void settle(ActiveRun run, Ending ending) {
        RunDataset outcome = ending.outcome();
        boolean first = run.work().end(outcome);
        try {
            if (!first) {
                LOG.warn("Dataset {} ended after its run: {}", outcome.name(), outcome.status());
                noted(run, ending, false);
                return;
            }
            write(run, ending);
        } catch (RuntimeException e) {
            LOG.error("How dataset {} ended could not be written down yet: {}", outcome.name(), outcome.status(), e);
            if (first) {
                run.unsaved(ending);
            }
        } finally {
            run.work().settled(outcome);
        }
    }

    /** Writes down what could not be before; throws where it still cannot be. */
    void catchUp(ActiveRun run) {
        synchronized (run.order()) {
            for (Ending ending : run.unsaved()) {
                write(run, ending);
                run.saved(ending);
            }
        }
    }

    private void write(ActiveRun run, Ending ending) {
        RunDataset outcome = journal.datasetEnded(run, ours -> noted(run, ending, ours));
        run.work().correct(outcome);
        report.datasetEnded(run, ending.sync(), outcome);
    }

    /** Notes at the dataset how it stands; where the run is another process's by now, only what the lake has anyway. */
    private RunDataset noted(ActiveRun run, Ending ending, boolean ours) {
        RunDataset outcome = ending.outcome();
        RunError error = outcome.error();
        SyncedState state = ending.state();
        if (state != null) {
            if (!datasets.synced(ending.sync().dataset(), state)) {
                return Outcomes.deleted(outcome, outcome.rowsRead());
            }
        } else if (ours && error != null) {
            datasets.failed(outcome.datasetId(), run.id(), error.detail());
        } else if (ours && needsWatermark(run, ending)) {
            datasets.needsWatermark(outcome.datasetId(), run.id(), String.valueOf(outcome.reason()));
        }
        return outcome;
    }

    /** A mode that was asked for in the run alone says nothing of the dataset. */
    private static boolean needsWatermark(ActiveRun run, Ending ending) {
        return run.requestedMode() == null
                && ending.outcome().status().equals("skipped")
                && ending.sync().mode().incremental()
                && run.work().stopped().isEmpty();
    }
}
