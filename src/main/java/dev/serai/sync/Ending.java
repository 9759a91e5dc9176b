package dev.serai.sync;

import org.jspecify.annotations.Nullable;

import dev.serai.dataset.SyncedState;
import dev.serai.failure.Failure;

/**
 * How a dataset's sync ended, and what that makes of the dataset.
 *
 * @param state how the dataset stands from now on, where it has a new version
 * @param failure why it has none, where that was expected
 */
record Ending(DatasetSync sync, RunDataset outcome, @Nullable SyncedState state, @Nullable Failure failure) {

    static Ending of(DatasetSync sync, RunDataset dataset, DatasetResult result) {
        return new Ending(sync, dataset.succeeded(result), result.state(), null);
    }

    /** Of one that left the dataset's rows as they were. */
    static Ending without(DatasetSync sync, RunDataset outcome) {
        return new Ending(sync, outcome, null, null);
    }

    String datasetId() {
        return outcome.datasetId();
    }

    Ending because(Failure why) {
        return new Ending(sync, outcome, state, why);
    }
}
