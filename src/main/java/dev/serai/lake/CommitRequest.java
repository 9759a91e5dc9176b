package dev.serai.lake;

import java.util.List;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Cancellation;

/**
 * What goes with the rows into one commit.
 *
 * @param runId of the run that writes; the same run commits at most once
 * @param columns which of the rows' columns to keep, in this order; empty: all
 * @param watermark the new position where the source told it, else null
 * @param watermarkColumn the column whose largest value is the new position where the source told none, or null
 * @param rowsSoFar told the number of rows read so far, a few times a second at most
 */
public record CommitRequest(
        String runId,
        List<String> columns,
        @Nullable String watermark,
        @Nullable String watermarkColumn,
        LongConsumer rowsSoFar,
        Cancellation cancellation) {
    public CommitRequest {
        columns = List.copyOf(columns);
    }

    /** For all columns; leaves the position that is given, or none. */
    public CommitRequest(String runId, @Nullable String watermark, LongConsumer rowsSoFar, Cancellation cancellation) {
        this(runId, List.of(), watermark, null, rowsSoFar, cancellation);
    }
}
