package dev.serai.sync;

import org.jspecify.annotations.Nullable;

import dev.serai.dataset.SyncedState;

/**
 * How a dataset's sync ended, and what that makes of the dataset.
 *
 * @param state how the dataset stands from now on, where it has a new version
 */
record Ending(DatasetSync sync, RunDataset outcome, @Nullable SyncedState state) {

    static Ending of(DatasetSync sync, RunDataset dataset, DatasetResult result) {
        return new Ending(sync, dataset.succeeded(result), result.state());
    }

    /** Of one that left the dataset's rows as they were. */
    static Ending without(DatasetSync sync, RunDataset outcome) {
        return new Ending(sync, outcome, null);
    }

    String datasetId() {
        return outcome.datasetId();
    }

    Ending as(RunDataset other) {
        return new Ending(sync, other, state);
    }
}
