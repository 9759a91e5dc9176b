package dev.serai.sync;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.dataset.SyncedPosition;
import dev.serai.dataset.SyncedState;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Times;

/**
 * What came of the datasets that a process was working on when it died? The lake knows: a run whose commit is there has
 * loaded the dataset, although nobody lived to write that down.
 */
@Component
class Aftermath {
    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

    private final Datasets datasets;
    private final Lake lake;

    Aftermath(Datasets datasets, Lake lake) {
        this.datasets = datasets;
        this.lake = lake;
    }

    /**
     * How a dataset fared that was being worked on; what was committed is the dataset's from then on.
     *
     * @param begun when the run began, and so the earliest time as of which its rows can be
     */
    RunDataset of(String project, String runId, RunDataset left, Instant begun) {
        try {
            Optional<RunDataset> committed = committed(project, runId, left, begun);
            if (committed.isPresent()) {
                return committed.get();
            }
        } catch (FailureException e) {
            LOG.info("Dataset {} is gone: {}", left.datasetId(), e.failure().detail());
        } catch (RuntimeException e) {
            LOG.error("Whether dataset {} was loaded cannot be told", left.datasetId(), e);
        }
        return left.failed(
                new RunError(RunVerdict.INTERRUPTED, "The process that worked on it stopped.", null, true), 0);
    }

    private Optional<RunDataset> committed(String project, String runId, RunDataset left, Instant begun) {
        Dataset dataset = datasets.get(project, left.datasetId());
        Optional<DatasetResult> result = committed(dataset, runId, left.mode(), left.watermarkBefore(), begun);
        result.ifPresent(done -> {
            datasets.synced(dataset, done.state());
            LOG.warn(
                    "Dataset {} had been loaded before its process stopped: version {}",
                    dataset.name(),
                    done.version());
        });
        return result.map(left::succeeded);
    }

    /**
     * What a run has committed to a dataset, if anything.
     *
     * @param stored the dataset's position before
     * @param asOf the earliest time as of which the rows can be
     */
    Optional<DatasetResult> committed(
            Dataset dataset, String runId, String mode, @Nullable String stored, Instant asOf) {
        return lake.committed(dataset.table(), runId).map(commit -> {
            TableSnapshot snapshot =
                    lake.snapshot(dataset.table(), commit.version()).orElseThrow();
            return new DatasetResult(
                    commit.merged() ? mode : SyncMode.FULL,
                    null,
                    commit.rowsRead(),
                    commit.rowsWritten(),
                    commit.rowsDeleted(),
                    commit.bytes(),
                    commit.version(),
                    stored,
                    snapshot.watermark(),
                    List.of(),
                    SyncedState.of(
                            runId,
                            snapshot,
                            Times.stored(asOf),
                            new SyncedPosition(snapshot.watermark(), snapshot.watermarkOf(), stored)));
        });
    }
}
