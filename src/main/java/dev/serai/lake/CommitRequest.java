package dev.serai.lake;

import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Cancellation;

/**
 * What goes with the rows into one commit.
 *
 * @param runId of the run that writes; the same run commits at most once
 * @param watermark the new position, or null to leave none
 * @param rowsSoFar told the number of rows read so far, a few times a second at most
 */
public record CommitRequest(
        String runId, @Nullable String watermark, LongConsumer rowsSoFar, Cancellation cancellation) {}
