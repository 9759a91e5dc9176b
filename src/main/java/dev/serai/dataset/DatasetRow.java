package dev.serai.dataset;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import com.fasterxml.jackson.core.type.TypeReference;
import org.jspecify.annotations.Nullable;

import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.rows.Column;

/** How a dataset stands in its row. */
final class DatasetRow {
    static final String SELECT =
            """
            select d.*, c.id as live_connector, c.enabled as connector_enabled, c.schedule_mode as connector_mode,
                   c.watermark_column as connector_watermark
            from datasets d left join data_connectors c on c.id = d.connector_id
            """;

    private static final TypeReference<List<Column>> COLUMNS = new TypeReference<>() {};

    private DatasetRow() {}

    /** Of a row of {@link #SELECT}. */
    static Dataset read(ResultSet row, int number) throws SQLException {
        List<Column> columns = Json.read(row.getString("table_columns"), COLUMNS);
        List<String> key = Json.strings(row.getString("primary_key"));
        boolean alive = row.getString("live_connector") != null;
        String mode = row.getString("mode");
        return new Dataset(
                row.getString("id"),
                row.getString("project"),
                row.getString("name"),
                row.getString("connector_id"),
                !alive ? "deleted" : row.getBoolean("connector_enabled") ? "active" : "disabled",
                row.getString("model"),
                row.getString("query"),
                row.getString("path"),
                mode,
                row.getString("watermark_column"),
                row.getString("watermark"),
                row.getString("watermark_of"),
                key.isEmpty()
                        ? columns.stream()
                                .filter(Column::primaryKey)
                                .map(Column::name)
                                .toList()
                        : key,
                !key.isEmpty(),
                row.getString("lookback"),
                row.getString("schema_policy"),
                row.getString("detect_deletes"),
                row.getInt("parallelism"),
                Json.strings(row.getString("column_names")),
                row.getString("row_filter"),
                Json.strings(row.getString("readers")),
                columns,
                row.getLong("row_count"),
                row.getLong("byte_count"),
                row.getObject("table_version", Long.class),
                status(row, mode),
                Times.read(row, "freshness"),
                row.getString("last_run"),
                Times.readPresent(row, "created_at"),
                Times.readPresent(row, "updated_at"));
    }

    /** What is missing for an incremental sync can change with the connector; so it is seen when read, not stored. */
    private static String status(ResultSet row, @Nullable String mode) throws SQLException {
        String effective = mode == null ? row.getString("connector_mode") : mode;
        boolean hasWatermark =
                row.getString("watermark_column") != null || row.getString("connector_watermark") != null;
        return "incremental".equals(effective) && !hasWatermark ? "needs_watermark" : row.getString("status");
    }
}
