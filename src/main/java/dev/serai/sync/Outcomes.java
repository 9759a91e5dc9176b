package dev.serai.sync;

import java.time.Duration;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What a dataset's sync that did not go through came to, told for people. */
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private static final Failure METADATA_UNREACHABLE =
            new Failure.Busy("metadata_unreachable", "The metadata database could not be reached.", Duration.ZERO);

    private Outcomes() {}

    /** Of one that threw; why the run was stopped, if it was, explains more than what was thrown. */
    static RunDataset thrown(RunDataset dataset, DatasetSync sync, Throwable thrown, Optional<ActiveRun.Stop> stop) {
        if (stop.isPresent()) {
            LOG.debug("Dataset {} was stopped", dataset.name(), thrown);
            return stopped(dataset, sync.rowsRead(), stop.get());
        }
        Optional<Failure> failure = failure(thrown);
        if (failure.isEmpty()) {
            LOG.error("Dataset {} failed by a fault of our own", dataset.name(), thrown);
            RunError error = new RunError("internal", "The log tells the cause under this run's id.", null, false);
            return dataset.failed(error, sync.rowsRead());
        }
        RunError error = RunError.of(failure.get());
        LOG.debug("Dataset {} failed", dataset.name(), thrown);
        return error.code().equals(SyncPlan.NEEDS_WATERMARK)
                ? dataset.skipped(error.detail())
                : dataset.failed(error, sync.rowsRead());
    }

    /** Of one that is no more. */
    static RunDataset deleted(RunDataset dataset, long rowsRead) {
        return dataset.failed(
                RunError.of(new Failure.Conflict("dataset_deleted", "The dataset was deleted meanwhile.")), rowsRead);
    }

    /** Of one that was being worked on when the run was stopped. */
    static RunDataset stopped(RunDataset dataset, long rowsRead, ActiveRun.Stop why) {
        return switch (why) {
            case CANCELLED -> dataset.cancelled("The run was cancelled.", rowsRead);
            case TIMED_OUT ->
                dataset.failed(new RunError("timeout", "The run took longer than syncs may.", null, true), rowsRead);
            case INTERRUPTED ->
                dataset.failed(
                        new RunError(RunVerdict.INTERRUPTED, "The process that worked on it stopped.", null, true),
                        rowsRead);
        };
    }

    /** Of one that was never begun. */
    static RunDataset dropped(RunDataset dataset, ActiveRun.Stop why) {
        return switch (why) {
            case CANCELLED -> dataset.cancelled("The run was cancelled before it came to this dataset.", 0);
            case TIMED_OUT -> dataset.skipped("The run's time was up before it came to this dataset.");
            case INTERRUPTED -> dataset.skipped("The run was interrupted before it came to this dataset.");
        };
    }

    /** Whatever was expected to happen now and then; anything else is a fault of our own. */
    static Optional<Failure> failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return Optional.of(failure.failure());
            }
            if (cause instanceof TransientDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException) {
                return Optional.of(METADATA_UNREACHABLE);
            }
        }
        return Optional.empty();
    }
}
