package dev.serai.connector;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** How a connector stands in its row. */
final class ConnectorRow {
    static final String SELECT = "select c.*, (select string_agg(s.field, ' ') from connector_secrets s"
            + " where s.connector_id = c.id) as secret_fields from data_connectors c";

    private ConnectorRow() {}

    /** Parameters by the columns' names; the secrets' names are not among them. */
    static Map<String, @Nullable Object> columns(Connector connector) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("id", connector.id());
        columns.put("project", connector.project());
        columns.put("slug", connector.slug());
        columns.put("name", connector.name());
        columns.put("name_key", ConnectorNames.key(connector.name()));
        columns.put("type", connector.type());
        columns.put("description", connector.description());
        columns.put("config", Json.write(connector.config()));
        columns.put("output_schemas", Json.write(connector.outputSchemas()));
        columns.put("enabled", connector.enabled());
        columns.put("schedule_cron", connector.scheduleCron());
        columns.put("schedule_mode", connector.scheduleMode());
        columns.put("schedule_timezone", connector.scheduleTimezone());
        columns.put("watermark_column", connector.watermarkColumn());
        columns.put("discovery", connector.discovery());
        columns.put("revision", connector.revision());
        columns.put("created_at", Times.param(connector.createdAt()));
        columns.put("updated_at", Times.param(connector.updatedAt()));
        return columns;
    }

    /** Of a row of {@link #SELECT}. */
    static Connector read(ResultSet row, int number) throws SQLException {
        return new Connector(
                row.getString("id"),
                row.getString("project"),
                row.getString("slug"),
                row.getString("name"),
                row.getString("type"),
                row.getString("description"),
                Json.object(row.getString("config")),
                secretFields(row.getString("secret_fields")),
                Json.strings(row.getString("output_schemas")),
                row.getBoolean("enabled"),
                row.getString("schedule_cron"),
                row.getString("schedule_mode"),
                row.getString("schedule_timezone"),
                row.getString("watermark_column"),
                row.getString("discovery"),
                row.getLong("revision"),
                Times.readPresent(row, "created_at"),
                Times.readPresent(row, "updated_at"));
    }

    private static Set<String> secretFields(@Nullable String joined) {
        return joined == null ? Set.of() : Arrays.stream(joined.split(" ", -1)).collect(Collectors.toUnmodifiableSet());
    }
}
