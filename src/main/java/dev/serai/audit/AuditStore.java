package dev.serai.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Cursor;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** Keeps the audit's lines; there is no way to change one. */
@Component
public class AuditStore {
    private static final int REMOVED_AT_ONCE = 10_000;

    private final JdbcClient jdbc;

    public AuditStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Which lines; null: all. An action may be the first word of several, such as {@code connector}. */
    public record Filter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String object,
            @Nullable String connectorId,
            @Nullable Instant since,
            @Nullable Instant until) {}

    void add(AuditEntry entry) {
        jdbc.sql(
                        """
                        insert into audit_entries (id, project, happened_at, actor, via, address, action, object_id,
                          object_name, connector_id, outcome, code, duration_ms, occurrences, details)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        entry.id(),
                        entry.project(),
                        Times.param(entry.at()),
                        entry.actor(),
                        entry.via(),
                        entry.address(),
                        entry.action(),
                        entry.object(),
                        entry.objectName(),
                        entry.connectorId(),
                        entry.outcome(),
                        entry.code(),
                        entry.durationMs(),
                        entry.count(),
                        Json.write(entry.details()))
                .update();
    }

    /** A page, newest first; {@code since} is within, {@code until} is not. */
    public Page<AuditEntry> list(String project, Filter filter, int limit, @Nullable String cursor) {
        StringBuilder sql = new StringBuilder("select * from audit_entries where project = :project");
        String before = Cursor.after(cursor);
        condition(sql, before.isEmpty() ? null : before, " and id < :before");
        condition(sql, filter.actor(), " and actor = :actor");
        condition(sql, filter.action(), " and (action = :action or action like :actions)");
        condition(sql, filter.object(), " and object_id = :object");
        condition(sql, filter.connectorId(), " and connector_id = :connector");
        condition(sql, filter.since(), " and happened_at >= :since");
        condition(sql, filter.until(), " and happened_at < :until");
        List<AuditEntry> oneMore = jdbc.sql(
                        sql.append(" order by id desc limit :limit").toString())
                .param("project", project)
                .param("before", before)
                .param("actor", filter.actor())
                .param("action", filter.action())
                .param("actions", filter.action() + ".%")
                .param("object", filter.object())
                .param("connector", filter.connectorId())
                .param("since", Times.param(filter.since()))
                .param("until", Times.param(filter.until()))
                .param("limit", limit + 1)
                .query(AuditStore::read)
                .list();
        return Page.of(oneMore, limit, AuditEntry::id);
    }

    private static void condition(StringBuilder sql, @Nullable Object value, String condition) {
        if (value != null) {
            sql.append(condition);
        }
    }

    /** Removes lines of all projects, at most so many at once; how many it were. */
    int removeBefore(Instant time) {
        return jdbc.sql("delete from audit_entries where id in (select id from audit_entries where happened_at < :time"
                        + " order by id limit :most)")
                .param("time", Times.param(time))
                .param("most", REMOVED_AT_ONCE)
                .update();
    }

    private static AuditEntry read(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                row.getString("id"),
                row.getString("project"),
                Times.readPresent(row, "happened_at"),
                row.getString("actor"),
                row.getString("via"),
                row.getString("address"),
                row.getString("action"),
                row.getString("object_id"),
                row.getString("object_name"),
                row.getString("connector_id"),
                row.getString("outcome"),
                row.getString("code"),
                row.getObject("duration_ms", Long.class),
                row.getLong("occurrences"),
                Json.object(row.getString("details")));
    }
}
