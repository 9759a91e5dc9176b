package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.serai.dataset.Dataset;

/**
 * How one dataset fared in a run.
 *
 * @param name as it was at the time
 * @param status {@code queued}, {@code running}, {@code succeeded}, {@code failed}, {@code skipped}, {@code cancelled}
 * @param reason why it was skipped or cancelled, or ran otherwise than asked
 * @param mode what was really done: {@code full} or {@code incremental}
 * @param rowsDeleted rows taken out, or marked, because the source has them no more; a full replacement counts none
 * @param bytes that the written rows take in the lake
 * @param progress how far it has come, while it is running
 */
public record RunDataset(
        String datasetId,
        String name,
        String status,
        @Nullable String reason,
        String mode,
        long rowsRead,
        long rowsWritten,
        long rowsDeleted,
        long rowsRejected,
        long bytes,
        @Nullable String watermarkBefore,
        @Nullable String watermarkAfter,
        @Nullable Long version,
        List<RunWarning> warnings,
        @Nullable RunError error,
        @Nullable Progress progress) {
    public RunDataset {
        warnings = List.copyOf(warnings);
    }

    static RunDataset queued(Dataset dataset, String mode) {
        return new RunDataset(
                dataset.id(),
                dataset.name(),
                "queued",
                null,
                mode,
                0,
                0,
                0,
                0,
                0,
                dataset.watermark(),
                null,
                null,
                List.of(),
                null,
                null);
    }

    boolean ended() {
        return !status.equals("queued") && !status.equals("running");
    }

    RunDataset running() {
        return ended("running", null, 0, null);
    }

    RunDataset skipped(String why) {
        return ended("skipped", why, 0, null);
    }

    RunDataset cancelled(String why, long read) {
        return ended("cancelled", why, read, null);
    }

    RunDataset failed(RunError why, long read) {
        return ended("failed", null, read, why);
    }

    RunDataset succeeded(DatasetResult result) {
        return new RunDataset(
                datasetId,
                name,
                "succeeded",
                result.reason(),
                result.mode(),
                result.rowsRead(),
                result.rowsWritten(),
                result.rowsDeleted(),
                result.rowsRejected(),
                result.bytes(),
                result.watermarkBefore(),
                result.watermarkAfter(),
                result.version(),
                Stream.concat(warnings.stream(), result.warnings().stream()).toList(),
                null,
                null);
    }

    /** Still being worked on, with a warning in place of those of the same code. */
    RunDataset warned(RunWarning warning) {
        List<RunWarning> all = new ArrayList<>(warnings);
        all.removeIf(one -> one.code().equals(warning.code()));
        all.add(warning);
        return new RunDataset(
                datasetId,
                name,
                "running",
                reason,
                mode,
                rowsRead,
                rowsWritten,
                rowsDeleted,
                rowsRejected,
                bytes,
                watermarkBefore,
                watermarkAfter,
                version,
                all,
                error,
                null);
    }

    private RunDataset ended(String how, @Nullable String why, long read, @Nullable RunError because) {
        return new RunDataset(
                datasetId,
                name,
                how,
                why,
                mode,
                read,
                0,
                0,
                0,
                0,
                watermarkBefore,
                watermarkBefore,
                null,
                warnings,
                because,
                null);
    }
}
