package dev.serai.sync;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** How have datasets fared in their latest runs? */
@Component
class DatasetStandings {
    /**
     * How one has.
     *
     * @param failures how often in a row its sync failed
     * @param lastError why it failed last, if that was the last that became of it
     * @param lastTook how long the last run took that it was part of; zero where none has ended
     * @param syncing whether it is being synced, or waits for that
     */
    record Standing(int failures, @Nullable RunError lastError, Duration lastTook, boolean syncing) {
        static final Standing NONE = new Standing(0, null, Duration.ZERO, false);
    }

    private final JdbcClient jdbc;

    DatasetStandings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** By the datasets' ids. */
    Map<String, Standing> of(Collection<String> datasetIds) {
        Map<String, Standing> standings = new HashMap<>();
        if (datasetIds.isEmpty()) {
            return standings;
        }
        jdbc.sql(
                        """
                        select q.*, r.started_at, r.ended_at from (
                            select d.id,
                                (select x.consecutive_failures from run_datasets x where x.dataset_id = d.id
                                    and x.consecutive_failures is not null order by x.run_id desc limit 1) as failures,
                                (select x.status from run_datasets x where x.dataset_id = d.id
                                    order by x.run_id desc limit 1) as status,
                                (select e.id from run_datasets x join runs e on e.id = x.run_id
                                    where x.dataset_id = d.id and e.started_at is not null and e.ended_at is not null
                                    order by x.run_id desc limit 1) as last_ended
                            from datasets d where d.id in (:ids)) q
                        left join runs r on r.id = q.last_ended
                        """)
                .param("ids", datasetIds)
                .query(row -> {
                    Long took = Run.duration(Times.read(row, "started_at"), Times.read(row, "ended_at"));
                    String status = row.getString("status");
                    standings.put(
                            row.getString("id"),
                            new Standing(
                                    row.getInt("failures"),
                                    null,
                                    Duration.ofMillis(took == null ? 0 : took),
                                    "queued".equals(status) || "running".equals(status)));
                });
        addErrors(standings);
        return standings;
    }

    /** Only of those that fail: of one that never did, every run would be looked at. */
    private void addErrors(Map<String, Standing> standings) {
        List<String> failing = standings.entrySet().stream()
                .filter(entry -> entry.getValue().failures() > 0)
                .map(Map.Entry::getKey)
                .toList();
        if (failing.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        select d.id, (select x.error from run_datasets x where x.dataset_id = d.id and x.status = 'failed'
                            order by x.run_id desc limit 1) as error
                        from datasets d where d.id in (:ids)
                        """)
                .param("ids", failing)
                .query(row -> {
                    String error = row.getString("error");
                    standings.computeIfPresent(
                            row.getString("id"),
                            (id, standing) -> new Standing(
                                    standing.failures(),
                                    error == null ? null : Json.read(error, RunError.class),
                                    standing.lastTook(),
                                    standing.syncing()));
                });
    }
}
