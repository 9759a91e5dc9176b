package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.ConnectorSchedules;
import dev.serai.connector.ConnectorSchedules.Scheduled;
import dev.serai.dataset.Dataset;
import dev.serai.sync.DatasetStandings.Standing;

/**
 * Is a dataset as fresh as its schedule lets expect? It is stale once two fires and as long as its last run took have gone
 * by since its rows were read. Where no schedule is in force nothing is expected, and nothing is stale.
 *
 * @param reason why it is stale: {@code needs_watermark}, {@code failing}, {@code syncing} (it is being read), {@code
 *     never_synced}, or {@code late} where none of these explains it, as after down time; null where it is not
 * @param freshness when its rows were last read from the source, whether or not that changed any
 * @param staleAfter until when it counts as fresh; null where nothing is expected
 * @param consecutiveFailures how often in a row its sync failed
 * @param lastErrorCode of the last failure, while it fails
 * @param nextRun when its connector's schedule fires next
 */
public record DatasetHealth(
        String datasetId,
        String name,
        String connectorId,
        String connectorStatus,
        String status,
        boolean stale,
        @Nullable String reason,
        @Nullable Instant freshness,
        @Nullable Long ageSeconds,
        @Nullable Instant staleAfter,
        int consecutiveFailures,
        @Nullable String lastErrorCode,
        @Nullable Instant nextRun) {

    /** @param schedule of its connector, if one is in force */
    static DatasetHealth of(Dataset dataset, @Nullable Scheduled schedule, Standing standing, Instant now) {
        Instant freshness = dataset.freshness();
        Instant staleAfter = schedule == null ? null : staleAfter(dataset, schedule, standing.lastTook());
        boolean stale = staleAfter != null && now.isAfter(staleAfter);
        List<Instant> next = schedule == null ? List.of() : ConnectorSchedules.fires(schedule.connector(), now, 1);
        RunError error = standing.lastError();
        return new DatasetHealth(
                dataset.id(),
                dataset.name(),
                dataset.connectorId(),
                dataset.connectorStatus(),
                dataset.status(),
                stale,
                stale ? reason(dataset, standing) : null,
                freshness,
                freshness == null
                        ? null
                        : Math.max(0, Duration.between(freshness, now).toSeconds()),
                staleAfter,
                standing.failures(),
                error == null ? null : error.code(),
                next.isEmpty() ? null : next.get(0));
    }

    /** A schedule promises nothing for the time before it was given. */
    private static @Nullable Instant staleAfter(Dataset dataset, Scheduled schedule, Duration took) {
        Instant read = dataset.freshness() == null ? dataset.createdAt() : dataset.freshness();
        Instant from = read.isBefore(schedule.since()) ? schedule.since() : read;
        List<Instant> fires = ConnectorSchedules.fires(schedule.connector(), from, 2);
        return fires.size() < 2 ? null : fires.get(1).plus(took).plus(Fires.GRACE);
    }

    private static String reason(Dataset dataset, Standing standing) {
        if (dataset.status().equals("needs_watermark")) {
            return "needs_watermark";
        }
        if (standing.failures() > 0) {
            return "failing";
        }
        if (standing.syncing()) {
            return "syncing";
        }
        return dataset.freshness() == null ? "never_synced" : "late";
    }
}
