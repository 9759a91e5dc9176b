package dev.serai.sync;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.type.TypeReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Keeps how each dataset fared in each run. */
@Component
class RunDatasetStore {
    private static final TypeReference<List<RunWarning>> WARNINGS = new TypeReference<>() {};

    private final NamedParameterJdbcOperations jdbc;

    RunDatasetStore(NamedParameterJdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @param firstPlace of the first one within the run */
    void insert(String runId, List<RunDataset> datasets, int firstPlace) {
        List<SqlParameterSource> rows = new ArrayList<>();
        for (RunDataset dataset : datasets) {
            rows.add(params(runId, dataset).addValue("place", firstPlace + rows.size()));
        }
        jdbc.batchUpdate(
                """
                insert into run_datasets (run_id, dataset_id, place, name, status, reason, mode, rows_read, rows_written,
                    rows_deleted, rows_rejected, byte_count, watermark_before, watermark_after, table_version, warnings,
                    error)
                values (:run, :dataset, :place, :name, :status, :reason, :mode, :read, :written,
                    :deleted, :rejected, :bytes, :before, :after, :version, :warnings, :error)
                """,
                rows.toArray(SqlParameterSource[]::new));
    }

    void started(String runId, RunDataset dataset, Instant now) {
        jdbc.update(
                "update run_datasets set status = :status, started_at = :now where run_id = :run and dataset_id = :dataset",
                params(runId, dataset).addValue("now", Times.param(now)));
    }

    /** Writes down what is to be known of a dataset that is being worked on. */
    void warned(String runId, RunDataset dataset) {
        jdbc.update(
                "update run_datasets set warnings = :warnings where run_id = :run and dataset_id = :dataset"
                        + " and ended_at is null",
                params(runId, dataset));
    }

    /** False where it had ended before, and then that stays. */
    boolean ended(String runId, RunDataset dataset, Instant now) {
        return jdbc.update(
                        """
                update run_datasets d set status = :status, reason = :reason, mode = :mode, rows_read = :read,
                    rows_written = :written, rows_deleted = :deleted, rows_rejected = :rejected, byte_count = :bytes,
                    watermark_before = :before, watermark_after = :after, table_version = :version, warnings = :warnings, error = :error,
                    ended_at = :now, consecutive_failures = case :status when 'succeeded' then 0 else
                        case :status when 'failed' then 1 else 0 end + coalesce(
                            (select p.consecutive_failures from run_datasets p where p.dataset_id = d.dataset_id
                                and p.run_id < d.run_id and p.consecutive_failures is not null
                                order by p.run_id desc limit 1), 0) end
                where run_id = :run and dataset_id = :dataset and ended_at is null
                """,
                        params(runId, dataset).addValue("now", Times.param(now)))
                == 1;
    }

    /** Keeps how far a dataset has come, as JSON; null where it is to begin anew. */
    void progress(String runId, String datasetId, @Nullable String progress) {
        jdbc.update(
                "update run_datasets set progress = :progress where run_id = :run and dataset_id = :dataset",
                new MapSqlParameterSource("run", runId)
                        .addValue("dataset", datasetId)
                        .addValue("progress", progress));
    }

    List<RunDataset> ofRun(String runId) {
        return ofRuns(List.of(runId)).getOrDefault(runId, List.of());
    }

    /** By the run's id, each in the order of its run. */
    Map<String, List<RunDataset>> ofRuns(Collection<String> runIds) {
        if (runIds.isEmpty()) {
            return Map.of();
        }
        record Entry(String runId, RunDataset dataset) {}
        return jdbc
                .query(
                        "select * from run_datasets where run_id in (:runs) order by run_id, place",
                        Map.of("runs", runIds),
                        (row, number) -> new Entry(row.getString("run_id"), read(row)))
                .stream()
                .collect(Collectors.groupingBy(Entry::runId, Collectors.mapping(Entry::dataset, Collectors.toList())));
    }

    private static MapSqlParameterSource params(String runId, RunDataset dataset) {
        return new MapSqlParameterSource()
                .addValue("run", runId)
                .addValue("dataset", dataset.datasetId())
                .addValue("name", dataset.name())
                .addValue("status", dataset.status())
                .addValue("reason", dataset.reason())
                .addValue("mode", dataset.mode())
                .addValue("read", dataset.rowsRead())
                .addValue("written", dataset.rowsWritten())
                .addValue("deleted", dataset.rowsDeleted())
                .addValue("rejected", dataset.rowsRejected())
                .addValue("bytes", dataset.bytes())
                .addValue("before", dataset.watermarkBefore())
                .addValue("after", dataset.watermarkAfter())
                .addValue("version", dataset.version())
                .addValue("warnings", Json.write(dataset.warnings()))
                .addValue("error", dataset.error() == null ? null : Json.write(dataset.error()));
    }

    private static RunDataset read(ResultSet row) throws SQLException {
        return new RunDataset(
                row.getString("dataset_id"),
                row.getString("name"),
                row.getString("status"),
                row.getString("reason"),
                row.getString("mode"),
                row.getLong("rows_read"),
                row.getLong("rows_written"),
                row.getLong("rows_deleted"),
                row.getLong("rows_rejected"),
                row.getLong("byte_count"),
                row.getString("watermark_before"),
                row.getString("watermark_after"),
                row.getObject("table_version", Long.class),
                Json.read(row.getString("warnings"), WARNINGS),
                error(row.getString("error")),
                progress(row));
    }

    private static @Nullable Progress progress(ResultSet row) throws SQLException {
        String json = row.getString("status").equals("running") ? row.getString("progress") : null;
        return json == null ? null : Json.read(json, Progress.class);
    }

    private static @Nullable RunError error(@Nullable String json) {
        return json == null ? null : Json.read(json, RunError.class);
    }
}
