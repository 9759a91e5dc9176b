package dev.serai.sync;

/** What carries out one dataset's sync; how that is done is not the run's business. */
@FunctionalInterface
interface DatasetFlow {
    /** Blocks until the dataset has its new version. Whatever it throws is the reason why it has not. */
    DatasetResult run(DatasetSync sync) throws Exception;
}
