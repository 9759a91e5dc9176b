package dev.serai.sync;

import org.jspecify.annotations.Nullable;

/**
 * A step of a run that was given a worker.
 *
 * @param sync the dataset to copy; null: the run is to be prepared
 */
record Turn(ActiveRun run, @Nullable DatasetSync sync) {}
