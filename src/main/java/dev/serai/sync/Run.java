package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One sync of a connector, as the journal has it.
 *
 * @param trigger {@code schedule}, {@code manual}, {@code upload}
 * @param scheduledFor the fire it belongs to, where a schedule started it
 * @param missed how many fires nobody was there for, where the run stands for those
 * @param mode as asked for the whole run, or null where each dataset's own counts
 * @param status {@code queued}, {@code running}, {@code succeeded}, {@code failed}, {@code skipped}, {@code cancelled}
 * @param consecutiveFailures how many runs of the connector in a row had failed when it ended, itself included; null where
 *     it has not ended or never began
 * @param reason a sentence where the status alone does not say it
 */
public record Run(
        String id,
        String connectorId,
        String trigger,
        @Nullable Instant scheduledFor,
        @Nullable Integer missed,
        @Nullable String mode,
        String status,
        @Nullable String reason,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Long durationMs,
        @Nullable Integer consecutiveFailures,
        List<RunDataset> datasets) {
    public Run {
        datasets = List.copyOf(datasets);
    }

    public boolean ended() {
        return !status.equals("queued") && !status.equals("running");
    }

    Run with(List<RunDataset> its) {
        return new Run(
                id,
                connectorId,
                trigger,
                scheduledFor,
                missed,
                mode,
                status,
                reason,
                startedAt,
                endedAt,
                durationMs,
                consecutiveFailures,
                its);
    }

    static @Nullable Long duration(@Nullable Instant start, @Nullable Instant end) {
        return start == null || end == null
                ? null
                : Duration.between(start, end).toMillis();
    }
}
