package dev.serai.sync;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.metadata.Times;

/** Which runs were there, and how did they end? Also keeps the fires of schedules that became no run. */
@Component
class RunStore {
    private final JdbcClient jdbc;

    RunStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes down a fire of a schedule that started nothing. */
    void skip(String id, Connector connector, Instant fire, @Nullable Integer missed, String reason, Instant now) {
        jdbc.sql(
                        """
                        insert into runs (id, project, connector_id, run_trigger, started_by, scheduled_for, missed,
                            whole, status, reason, cancel_requested, created_at, ended_at)
                        values (:id, :project, :connector, 'schedule', 'schedule', :fire, :missed,
                            true, 'skipped', :reason, false, :now, :now)
                        """)
                .param("id", id)
                .param("project", connector.project())
                .param("connector", connector.id())
                .param("fire", Times.param(fire))
                .param("missed", missed)
                .param("reason", reason)
                .param("now", Times.param(now))
                .update();
    }

    /** Whether a fire has its run, as it may where clocks of replicas differ or were set back. */
    boolean dealtWith(String connectorId, Instant fire) {
        return jdbc.sql("select count(*) from runs where connector_id = ? and scheduled_for = ?")
                        .params(connectorId, Times.param(fire))
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** The run of a connector that is queued or running. */
    Optional<String> activeOf(String connectorId) {
        return jdbc.sql("select id from runs where active_key = ?")
                .param(connectorId)
                .query(String.class)
                .optional();
    }

    Optional<Run> find(String project, String id) {
        return jdbc.sql("select * from runs where project = :project and id = :id")
                .param("project", project)
                .param("id", id)
                .query(RunStore::read)
                .optional();
    }

    /** Newest first; {@code before} is the last id of the page before, or empty. */
    List<Run> list(String project, @Nullable String connectorId, String before, int limit) {
        String ofConnector = connectorId == null ? "" : " and connector_id = :connector";
        String older = before.isEmpty() ? "" : " and id < :before";
        JdbcClient.StatementSpec query = jdbc.sql("select * from runs where project = :project" + ofConnector + older
                        + " order by id desc limit :limit")
                .param("project", project)
                .param("limit", limit);
        query = connectorId == null ? query : query.param("connector", connectorId);
        query = before.isEmpty() ? query : query.param("before", before);
        return query.query(RunStore::read).list();
    }

    List<Run> named(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : jdbc.sql("select * from runs where id in (:ids)")
                        .param("ids", ids)
                        .query(RunStore::read)
                        .list();
    }

    List<Run> latest(Collection<String> connectorIds) {
        return connectorIds.isEmpty()
                ? List.of()
                : jdbc.sql("select * from runs where id in (select max(id) from runs where connector_id in (:ids)"
                                + " group by connector_id)")
                        .param("ids", connectorIds)
                        .query(RunStore::read)
                        .list();
    }

    /** How many runs of a connector failed since the last one that succeeded, where any has ended. */
    Map<String, Integer> consecutiveFailures(Collection<String> connectorIds) {
        Map<String, Integer> failures = new HashMap<>();
        if (!connectorIds.isEmpty()) {
            jdbc.sql(
                            """
                            select c.id, (select r.consecutive_failures from runs r where r.connector_id = c.id
                                and r.consecutive_failures is not null order by r.id desc limit 1) as failures
                            from data_connectors c where c.id in (:ids)
                            """)
                    .param("ids", connectorIds)
                    .query(row -> {
                        failures.put(row.getString("id"), row.getInt("failures"));
                    });
        }
        return failures;
    }

    private static Run read(ResultSet row, int number) throws SQLException {
        Instant start = Times.read(row, "started_at");
        Instant end = Times.read(row, "ended_at");
        return new Run(
                row.getString("id"),
                row.getString("connector_id"),
                row.getString("run_trigger"),
                Times.read(row, "scheduled_for"),
                row.getObject("missed", Integer.class),
                row.getString("mode"),
                row.getString("status"),
                row.getString("reason"),
                start,
                end,
                Run.duration(start, end),
                row.getObject("consecutive_failures", Integer.class),
                List.of());
    }
}
