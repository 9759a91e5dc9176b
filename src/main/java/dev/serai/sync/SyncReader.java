package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowSource;

/** Opens a dataset's rows at its connector: the first step of the route {@code sync-dataset}. */
@Component
public class SyncReader {
    private final SourceReads reads;
    private final Datasets datasets;
    private final Lake lake;
    private final Clock clock;

    SyncReader(SourceReads reads, Datasets datasets, Lake lake, Clock clock) {
        this.reads = reads;
        this.datasets = datasets;
        this.lake = lake;
        this.clock = clock;
    }

    /** Opens what is to be read by the dataset as it is now, and not as it was when the run was asked for. */
    public DatasetSync open(DatasetSync sync) {
        checkSchema(sync);
        Dataset dataset = datasets.get(sync.dataset().project(), sync.dataset().id());
        Optional<TableSnapshot> table = lake.snapshot(dataset.table());
        open(sync, dataset, SyncWindow.of(sync.mode(), dataset, table));
        table.filter(there -> !sync.plan().window().everything())
                .flatMap(there -> sync.plan().whyNotInto(there, sync.rows()))
                .ifPresent(why -> openEverything(sync, why));
        return sync;
    }

    /** Opens all rows in place of a part of them. */
    void openEverything(DatasetSync sync, String why) {
        open(sync, sync.plan().dataset(), sync.plan().window().because(why));
    }

    private void open(DatasetSync sync, Dataset dataset, SyncWindow window) {
        Instant now = Times.stored(clock.instant());
        ObjectNode request = request(dataset, dataset.columns());
        if (sync.mode().incremental()) {
            addWindow(request, dataset, window);
        }
        // One read after the other: the connector may have one connection only.
        sync.close();
        if (dataset.path() == null && SyncPlan.dependsOnKey(dataset, sync.mode())) {
            checkKey(sync, dataset);
        }
        RowSource rows = reads.read(sync.connector(), request, sync.cancellation());
        sync.opened(rows, now);
        sync.planned(SyncPlan.of(dataset, sync.mode(), window, rows));
    }

    /** Of some columns one cannot see whether the source's key is whole among them; so all are looked at, without rows. */
    private void checkKey(DatasetSync sync, Dataset dataset) {
        ObjectNode request = request(dataset, List.of()).put("limit", 0);
        try (RowSource all = reads.read(sync.connector(), request, sync.cancellation())) {
            if (all instanceof BatchSource batches) {
                List<String> key = SyncPlan.key(batches);
                if (!dataset.columns().containsAll(key)) {
                    throw new FailureException(
                            new Failure.Conflict(
                                    "needs_key",
                                    "The source's primary key is " + String.join(", ", key)
                                            + ", and the dataset has not all of these columns. Add them, or give a primary_key."));
                }
            }
        }
    }

    /**
     * The keys of all rows that the source has.
     *
     * @param watermark the column to have with them, where the dataset has it; null: none
     */
    RowSource keys(DatasetSync sync, @Nullable String watermark) {
        List<String> kept = sync.plan().dataset().columns();
        List<String> columns = new ArrayList<>(sync.plan().key());
        if (watermark != null && !columns.contains(watermark) && (kept.isEmpty() || kept.contains(watermark))) {
            columns.add(watermark);
        }
        ObjectNode request = request(sync.plan().dataset(), columns);
        return reads.read(sync.connector(), request, sync.cancellation());
    }

    static ObjectNode request(Dataset dataset, List<String> columns) {
        ObjectNode request = Json.newObject();
        dataset.modelName().ifPresent(model -> request.putObject("model")
                .put("schema", model.schema().isEmpty() ? null : model.schema())
                .put("name", model.name()));
        if (dataset.query() != null) {
            request.put("query", dataset.query());
        }
        if (dataset.path() != null) {
            request.put("path", dataset.path());
        }
        if (!columns.isEmpty()) {
            columns.forEach(request.putArray("columns")::add);
        }
        if (dataset.parallelism() > 1) {
            request.put("parallelism", dataset.parallelism());
        }
        if (dataset.filter() != null) {
            request.put("filter", dataset.filter());
        }
        return request;
    }

    private static void addWindow(ObjectNode request, Dataset dataset, SyncWindow window) {
        ObjectNode json = request.putObject("window").put("column", window.column());
        if (window.from() != null) {
            json.put("from", window.from());
        }
        json.put("nulls", window.from() == null || !dataset.primaryKey().isEmpty());
    }

    /** The schemas may have been narrowed since the dataset was made. */
    private static void checkSchema(DatasetSync sync) {
        List<String> schemas = sync.connector().outputSchemas();
        boolean offered = schemas.isEmpty()
                || sync.dataset()
                        .modelName()
                        .map(model -> schemas.contains(model.schema()))
                        .orElse(true);
        if (!offered) {
            throw new FailureException(new Failure.Conflict(
                    "schema_not_offered", "The model's schema is not among the connector's output_schemas."));
        }
    }
}
