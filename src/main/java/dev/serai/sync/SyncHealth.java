package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.serai.connector.ConnectorSchedules;
import dev.serai.connector.ConnectorSchedules.Scheduled;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.metadata.Page;
import dev.serai.sync.DatasetStandings.Standing;

/** Which datasets of a project are stale, and why. */
@Service
public class SyncHealth {
    /** Few are stale as a rule, so many are looked at at a time. */
    private static final int CHUNK = 500;

    private final Datasets datasets;
    private final ConnectorSchedules schedules;
    private final DatasetStandings standings;
    private final Clock clock;

    SyncHealth(Datasets datasets, ConnectorSchedules schedules, DatasetStandings standings, Clock clock) {
        this.datasets = datasets;
        this.schedules = schedules;
        this.standings = standings;
        this.clock = clock;
    }

    /**
     * A page, by age of the datasets.
     *
     * @param stale only those that are, or are not; null: all
     */
    public Page<DatasetHealth> list(String project, @Nullable Boolean stale, int limit, @Nullable String cursor) {
        List<DatasetHealth> found = new ArrayList<>();
        String next = cursor;
        do {
            Page<Dataset> chunk = datasets.list(project, stale == null ? limit + 1 : CHUNK, next, null);
            judge(chunk.items()).stream()
                    .filter(health -> stale == null || health.stale() == stale)
                    .forEach(found::add);
            next = chunk.nextCursor();
        } while (next != null && found.size() <= limit);
        return Page.of(found.subList(0, Math.min(found.size(), limit + 1)), limit, DatasetHealth::datasetId);
    }

    private List<DatasetHealth> judge(List<Dataset> some) {
        Instant now = clock.instant();
        Map<String, Scheduled> inForce = schedules.inForce(
                some.stream().map(Dataset::connectorId).distinct().toList());
        Map<String, Standing> fared =
                standings.of(some.stream().map(Dataset::id).toList());
        return some.stream()
                .map(dataset -> DatasetHealth.of(
                        dataset,
                        inForce.get(dataset.connectorId()),
                        fared.getOrDefault(dataset.id(), Standing.NONE),
                        now))
                .toList();
    }
}
