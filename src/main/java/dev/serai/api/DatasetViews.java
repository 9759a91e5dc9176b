package dev.serai.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.rows.Column;
import dev.serai.sync.Run;
import dev.serai.sync.Syncs;

/** How datasets are shown. */
@Component
class DatasetViews {
    private final Syncs syncs;

    DatasetViews(Syncs syncs) {
        this.syncs = syncs;
    }

    record ColumnView(String name, String type, boolean nullable) {
        static ColumnView of(Column column) {
            return new ColumnView(column.name(), column.type().duckdb(), column.nullable());
        }
    }

    record DatasetView(
            String id,
            String name,
            String connectorId,
            String connectorStatus,
            @Nullable String model,
            @Nullable String query,
            @Nullable String path,
            @Nullable String mode,
            @Nullable String watermarkColumn,
            @Nullable String watermark,
            List<String> primaryKey,
            @Nullable String lookback,
            String schemaPolicy,
            String detectDeletes,
            int parallelism,
            List<String> columns,
            @Nullable String filter,
            List<String> readers,
            List<ColumnView> schema,
            long rows,
            long bytes,
            @Nullable Long version,
            String status,
            @Nullable Instant freshness,
            @Nullable RunSummary lastRun,
            Instant createdAt,
            Instant updatedAt) {}

    DatasetView of(Dataset dataset) {
        return of(List.of(dataset)).get(0);
    }

    List<DatasetView> of(List<Dataset> page) {
        Map<String, Run> runs = syncs.named(
                page.stream().map(Dataset::lastRun).filter(Objects::nonNull).toList());
        return page.stream()
                .map(dataset -> view(dataset, dataset.lastRun() == null ? null : runs.get(dataset.lastRun())))
                .toList();
    }

    private static DatasetView view(Dataset dataset, @Nullable Run lastRun) {
        return new DatasetView(
                dataset.id(),
                dataset.name(),
                dataset.connectorId(),
                dataset.connectorStatus(),
                dataset.model(),
                dataset.query(),
                dataset.path(),
                dataset.mode(),
                dataset.watermarkColumn(),
                dataset.watermark(),
                dataset.primaryKey(),
                dataset.lookback(),
                dataset.schemaPolicy(),
                dataset.detectDeletes(),
                dataset.parallelism(),
                dataset.columns(),
                dataset.filter(),
                dataset.readers(),
                dataset.schema().stream().map(ColumnView::of).toList(),
                dataset.rows(),
                dataset.bytes(),
                dataset.version(),
                dataset.status(),
                dataset.freshness(),
                RunSummary.of(lastRun),
                dataset.createdAt(),
                dataset.updatedAt());
    }
}
