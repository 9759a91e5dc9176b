package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.SyncedState;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.CommitResult;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.rows.BatchSource;

/** Replaces a dataset's rows by those that were opened: the second step of the route {@code sync-dataset}. */
@Component
public class SyncWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SyncWriter.class);

    private final Lake lake;

    SyncWriter(Lake lake) {
        this.lake = lake;
    }

    /** Commits the rows as the dataset's next version; the body is a {@link DatasetResult} from then on. */
    public Object replace(DatasetSync sync) {
        if (sync.cancellation().requested()) {
            throw new FailureException(new Failure.Cancelled("The run was stopped before it read any rows."));
        }
        Dataset dataset = sync.dataset();
        CommitResult commit = lake.replace(
                dataset.table(),
                sync.rows(),
                new CommitRequest(sync.runId(), dataset.columns(), null, null, sync.progress(), sync.cancellation()));
        TableSnapshot snapshot = lake.snapshot(dataset.table(), commit.version())
                .orElseThrow(() -> new IllegalStateException("The version just committed is not there"));
        return result(sync, commit, SyncedState.of(sync.runId(), snapshot, sync.readAt()));
    }

    private static DatasetResult result(DatasetSync sync, CommitResult commit, SyncedState state) {
        List<RunWarning> warnings = new ArrayList<>();
        if (sync.dataset().version() != null) {
            warnings.addAll(RunWarning.drift(sync.dataset().schema(), state.columns()));
        }
        commit.warnings().forEach(values -> warnings.add(RunWarning.of(values)));
        if (sync.rows() instanceof BatchSource batches) {
            batches.notes().forEach(note -> {
                LOG.info("Dataset {}: {}", sync.dataset().name(), note.detail());
                warnings.add(RunWarning.of(note));
            });
        }
        String reason = whyFull(sync);
        if (reason != null) {
            warnings.add(new RunWarning("ran_full", null, null, reason));
        }
        return new DatasetResult(
                SyncMode.FULL,
                reason,
                Math.max(sync.rowsRead(), commit.rowsWritten()),
                commit.rowsWritten(),
                commit.bytes(),
                commit.version(),
                warnings,
                state);
    }

    /** An incremental dataset is loaded whole for now, and says so. */
    private static @Nullable String whyFull(DatasetSync sync) {
        if (!sync.mode().incremental()) {
            return null;
        }
        return sync.dataset().version() == null
                ? "The first run of an incremental dataset loads everything."
                : "Incremental syncs are not offered yet, so everything was loaded again.";
    }
}
