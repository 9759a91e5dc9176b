package dev.serai.dataset;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.ModelName;
import dev.serai.lake.TableId;
import dev.serai.rows.Column;

/**
 * What is synced from where, and how it stands. Exactly one of {@code model}, {@code query}, {@code path} is set.
 *
 * @param name its name in SQL, unique in the project ignoring case
 * @param connectorStatus {@code active}, {@code disabled}, {@code deleted}
 * @param model its id
 * @param mode {@code full} or {@code incremental}; null: the connector's {@code schedule_mode}, else full
 * @param watermark the position where the next incremental sync goes on: of the last one, or as set by a person
 * @param watermarkOf the column whose position it is
 * @param primaryKey as given, else as discovered by the last sync
 * @param detectDeletes what becomes of rows that the source has no more: {@code none}, {@code hard}, {@code soft}
 * @param parallelism how many connections a read may be spread over, where the source can split it
 * @param readers groups whose viewers may read it; empty: every viewer
 * @param status {@code new}, {@code ready}, {@code needs_watermark}, {@code failed}
 */
public record Dataset(
        String id,
        String project,
        String name,
        String connectorId,
        String connectorStatus,
        @Nullable String model,
        @Nullable String query,
        @Nullable String path,
        @Nullable String mode,
        @Nullable String watermarkColumn,
        @Nullable String watermark,
        @Nullable String watermarkOf,
        List<String> primaryKey,
        boolean keyGiven,
        @Nullable String lookback,
        String schemaPolicy,
        String detectDeletes,
        int parallelism,
        List<String> columns,
        @Nullable String filter,
        List<String> readers,
        List<Column> schema,
        long rows,
        long bytes,
        @Nullable Long version,
        String status,
        @Nullable Instant freshness,
        @Nullable String lastRun,
        Instant createdAt,
        Instant updatedAt) {

    /** Which model of the source is meant. */
    public Optional<ModelName> modelName() {
        return Optional.ofNullable(model).map(ModelName::of);
    }

    public TableId table() {
        return new TableId(project, id);
    }
}
