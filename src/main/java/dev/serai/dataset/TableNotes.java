package dev.serai.dataset;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** What is noted of a dataset's table in the metadata database: its version, rows, position, and how the last sync ended. */
@Component
class TableNotes {
    private final JdbcClient jdbc;

    TableNotes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is noted of the table: -1 where nothing is, empty where the dataset was deleted. */
    Optional<Long> version(String id) {
        return jdbc.sql("select coalesce(table_version, -1) from datasets where id = :id")
                .param("id", id)
                .query(Long.class)
                .optional();
    }

    /** False where a version beyond {@code newest} is noted, or the dataset was deleted. */
    boolean synced(String id, SyncedState state, long newest) {
        return jdbc.sql(
                                """
                                update datasets set table_columns = :columns, row_count = :rows, byte_count = :bytes,
                                    table_version = :version, freshness = :freshness, status = 'ready',
                                    status_reason = null, last_run = :run,
                                    watermark_of = case when watermark is not distinct from cast(:stored as varchar)
                                        then cast(:column as varchar) else watermark_of end,
                                    watermark = case when watermark is not distinct from cast(:stored as varchar)
                                        then cast(:watermark as varchar) else watermark end
                                where id = :id and coalesce(table_version, -1) <= :newest
                                """)
                        .param("columns", Json.write(state.columns()))
                        .param("rows", state.rows())
                        .param("bytes", state.bytes())
                        .param("version", state.version())
                        .param("freshness", Times.param(state.freshness()))
                        .param("run", state.runId())
                        .param("stored", state.position().stored())
                        .param("watermark", state.position().watermark())
                        .param("column", state.position().column())
                        .param("id", id)
                        .param("newest", newest)
                        .update()
                == 1;
    }

    /** @param column whose position it is */
    boolean setWatermark(String project, String id, @Nullable String value, @Nullable String column) {
        return jdbc.sql(
                                "update datasets set watermark = :value, watermark_of = :column where project = :project and id = :id")
                        .param("value", value)
                        .param("column", column)
                        .param("project", project)
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Takes over what the lake has, unless a sync has just told the same or something newer.
     *
     * @param now null where the lake has nothing
     */
    boolean adopt(
            Dataset dataset, @Nullable TableSnapshot now, @Nullable String watermark, @Nullable String watermarkOf) {
        return jdbc.sql(
                                """
                                update datasets set table_columns = :columns, row_count = :rows, byte_count = :bytes,
                                    table_version = :version, freshness = :freshness, status = :status,
                                    status_reason = null, watermark = :watermark, watermark_of = :watermarkOf
                                where id = :id and coalesce(table_version, -1) = :known
                                """)
                        .param("columns", Json.write(now == null ? List.of() : now.columns()))
                        .param("rows", now == null ? 0 : now.rows())
                        .param("bytes", now == null ? 0 : now.bytes())
                        .param("version", now == null ? null : now.version())
                        .param("freshness", now == null ? null : Times.param(now.committedAt()))
                        .param("status", now == null ? "new" : "ready")
                        .param("watermark", watermark)
                        .param("watermarkOf", watermarkOf)
                        .param("id", dataset.id())
                        .param("known", dataset.version() == null ? -1 : dataset.version())
                        .update()
                == 1;
    }

    void notSynced(String id, String runId, @Nullable String status, @Nullable String reason) {
        jdbc.sql(
                        """
                        update datasets set status = coalesce(:status, status), status_reason = :reason,
                            last_run = :run where id = :id
                        """)
                .param("status", status)
                .param("reason", reason)
                .param("run", runId)
                .param("id", id)
                .update();
    }
}
