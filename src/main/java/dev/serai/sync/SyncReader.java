package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.RowSource;

/** Opens a dataset's rows at its connector: the first step of the route {@code sync-dataset}. */
@Component
public class SyncReader {
    /** The code of a dataset that cannot be synced incrementally; it is skipped, not failed. */
    static final String NEEDS_WATERMARK = "needs_watermark";

    private final SourceReads reads;
    private final Clock clock;

    SyncReader(SourceReads reads, Clock clock) {
        this.reads = reads;
        this.clock = clock;
    }

    public DatasetSync open(DatasetSync sync) {
        checkSchema(sync);
        Instant now = Times.stored(clock.instant());
        RowSource rows = reads.read(sync.connector(), request(sync.dataset()), sync.cancellation());
        sync.opened(rows, now);
        if (rows instanceof BatchSource batches) {
            checkWatermark(sync, batches.columns());
        }
        return sync;
    }

    static ObjectNode request(Dataset dataset) {
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
        if (!dataset.columns().isEmpty()) {
            dataset.columns().forEach(request.putArray("columns")::add);
        }
        return request;
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

    private static void checkWatermark(DatasetSync sync, List<Column> columns) {
        List<String> names = columns.stream().map(Column::name).toList();
        String watermark = sync.mode().watermarkColumn();
        if (sync.mode().incremental() && watermark != null && !names.contains(watermark)) {
            throw new FailureException(new Failure.Conflict(
                    NEEDS_WATERMARK, "The watermark column " + watermark + " is not a column of this dataset."));
        }
    }
}
