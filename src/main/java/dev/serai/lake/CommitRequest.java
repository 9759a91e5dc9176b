package dev.serai.lake;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Cancellation;
import dev.serai.rows.ReadProgress;

/**
 * What goes with the rows into one commit.
 *
 * @param runId of the run that writes; the same run commits at most once
 * @param columns which of the rows' columns to keep, in this order; empty: all
 * @param watermark the new position where the source told it, else null
 * @param watermarkColumn the column whose largest value is the new position where the source told none, or null
 * @param selection by what the rows were chosen (columns, condition, key), kept with them; null where nobody asks later
 * @param progress told how far the rows have come
 */
public record CommitRequest(
        String runId,
        List<String> columns,
        @Nullable String watermark,
        @Nullable String watermarkColumn,
        @Nullable String selection,
        ReadProgress progress,
        Cancellation cancellation) {
    public CommitRequest {
        columns = List.copyOf(columns);
    }

    /** Keeps nothing of how the rows were chosen. */
    public CommitRequest(
            String runId,
            List<String> columns,
            @Nullable String watermark,
            @Nullable String watermarkColumn,
            ReadProgress progress,
            Cancellation cancellation) {
        this(runId, columns, watermark, watermarkColumn, null, progress, cancellation);
    }

    /** For all columns; leaves the position that is given, or none. */
    public CommitRequest(String runId, @Nullable String watermark, ReadProgress progress, Cancellation cancellation) {
        this(runId, List.of(), watermark, null, null, progress, cancellation);
    }
}
