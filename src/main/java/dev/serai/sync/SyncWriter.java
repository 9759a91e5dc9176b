package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.SyncedPosition;
import dev.serai.dataset.SyncedState;
import dev.serai.dataset.WatermarkForm;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.CommitResult;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.lake.Window;
import dev.serai.lake.Window.Deletes;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;

/** Makes a dataset's next version of the rows that were opened: the second step of the route {@code sync-dataset}. */
@Component
public class SyncWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SyncWriter.class);

    private static final String FEWER_CONNECTIONS = "fewer_connections";

    private final Lake lake;
    private final SyncReader reader;

    SyncWriter(Lake lake, SyncReader reader) {
        this.lake = lake;
        this.reader = reader;
    }

    /** Commits what is to be changed, if anything is; the body is a {@link DatasetResult} from then on. */
    public Object write(DatasetSync sync) {
        if (sync.cancellation().requested()) {
            throw new FailureException(new Failure.Cancelled("The run was stopped before it read any rows."));
        }
        Dataset dataset = sync.plan().dataset();
        Optional<TableSnapshot> before = lake.snapshot(dataset.table());
        CommitResult commit = commit(sync, before);
        TableSnapshot after = lake.snapshot(dataset.table(), commit.version())
                .orElseThrow(() -> new IllegalStateException("The version just committed is not there"));
        return result(sync, commit, before, after);
    }

    /** Rows that were marked as deleted outlive even a sync that reads everything. */
    private CommitResult commit(DatasetSync sync, Optional<TableSnapshot> before) {
        if (!sync.plan().window().everything()) {
            // The table may be another one than when the window was made; a part of the rows must not replace all.
            before.map(table -> sync.plan().whyNotInto(table, sync.rows()))
                    .orElse(Optional.of("The dataset's rows were gone, so everything was loaded."))
                    .ifPresent(why -> reader.openEverything(sync, why));
        }
        SyncPlan plan = sync.plan();
        boolean keepsRows = !plan.window().everything() || plan.deletes() == Deletes.SOFT;
        if (before.isEmpty() || !keepsRows || plan.mustReplace(before.get(), sync.rows())) {
            return replace(sync);
        }
        try {
            return merge(sync);
        } catch (FailureException e) {
            boolean missesRows = e.failure().code().equals(Lake.ROWS_BELOW_WINDOW);
            if (!missesRows && !e.failure().code().equals(Lake.SCHEMA_CHANGED)) {
                throw e;
            }
            LOG.info("Dataset {}: {}", plan.dataset().name(), e.failure().detail());
            reader.openEverything(sync, e.failure().detail() + " So everything was loaded.");
            return missesRows ? commit(sync, before) : replace(sync);
        }
    }

    private CommitResult replace(DatasetSync sync) {
        return lake.replace(sync.plan().dataset().table(), sync.rows(), request(sync));
    }

    private CommitResult merge(DatasetSync sync) {
        SyncPlan plan = sync.plan();
        SyncWindow window = plan.window();
        String column = ordersInTheLake(sync) ? window.column() : null;
        return lake.merge(
                plan.dataset().table(),
                sync.rows(),
                request(sync),
                new Window(
                        plan.key(),
                        column,
                        window.everything() ? null : window.before(),
                        window.from(),
                        plan.deletes(),
                        () -> reader.keys(sync, window.everything() ? null : column)),
                sync.readAt());
    }

    private static CommitRequest request(DatasetSync sync) {
        SyncPlan plan = sync.plan();
        String told =
                sync.rows() instanceof BatchSource batches ? batches.position().orElse(null) : null;
        return new CommitRequest(
                sync.runId(),
                plan.dataset().columns(),
                told,
                told != null || ordersInTheLake(sync) ? plan.window().column() : null,
                plan.selection().json(),
                sync.progress(),
                sync.cancellation());
    }

    /** Whether the lake can compare the watermarks; where it cannot, the source's word counts. */
    private static boolean ordersInTheLake(DatasetSync sync) {
        String column = sync.plan().window().column();
        return column != null
                && !column.equals(WatermarkForm.XMIN)
                && !(sync.rows() instanceof BatchSource batches
                        && batches.columns().stream()
                                .filter(there -> there.name().equals(column))
                                .anyMatch(there -> WatermarkForm.isNumberAsText(there)
                                        || (there.type().kind() == LogicalType.Kind.VARCHAR
                                                && batches.position().isPresent())));
    }

    private static DatasetResult result(
            DatasetSync sync, CommitResult commit, Optional<TableSnapshot> before, TableSnapshot after) {
        SyncPlan plan = sync.plan();
        SyncWindow window = plan.window();
        SyncedPosition position = new SyncedPosition(
                commit.watermark(),
                commit.watermark() == null ? null : window.column(),
                plan.dataset().watermark());
        return new DatasetResult(
                window.everything() ? SyncMode.FULL : SyncMode.INCREMENTAL,
                window.reason(),
                Math.max(sync.rowsRead(), commit.rowsRead()),
                commit.rowsWritten(),
                commit.rowsDeleted(),
                commit.bytes(),
                commit.version(),
                window.before(),
                commit.watermark(),
                warnings(sync, commit, before, after.columns()),
                SyncedState.of(sync.runId(), after, sync.readAt(), position));
    }

    private static List<RunWarning> warnings(
            DatasetSync sync, CommitResult commit, Optional<TableSnapshot> before, List<Column> columns) {
        List<RunWarning> warnings = new ArrayList<>();
        before.ifPresent(table -> warnings.addAll(RunWarning.drift(table.columns(), columns)));
        if (before.filter(SyncWriter::marks).isPresent()
                && columns.stream().noneMatch(column -> column.name().equals(Window.DELETED_AT))) {
            warnings.add(
                    new RunWarning(
                            "deleted_rows_dropped",
                            Window.DELETED_AT,
                            null,
                            "Rows that were marked as deleted do not fit the new columns and are gone; earlier versions have them."));
        }
        commit.warnings().stream()
                .filter(values -> sync.mode().incremental() || !values.code().equals(RunWarning.NULL_WATERMARK))
                .forEach(values -> warnings.add(RunWarning.of(values)));
        if (sync.rows() instanceof BatchSource batches) {
            batches.notes().forEach(note -> {
                LOG.info("Dataset {}: {}", sync.dataset().name(), note.detail());
                warnings.add(RunWarning.of(note));
            });
        }
        if (sync.plan().dataset().parallelism() > 1
                && sync.rows().connections() == 1
                && warnings.stream().noneMatch(warning -> warning.code().equals(FEWER_CONNECTIONS))) {
            warnings.add(new RunWarning(
                    FEWER_CONNECTIONS,
                    null,
                    null,
                    "The source does not know how to be read over several connections."));
        }
        String reason = sync.plan().window().reason();
        if (reason != null) {
            warnings.add(new RunWarning("ran_full", null, null, reason));
        }
        return warnings;
    }

    private static boolean marks(TableSnapshot table) {
        return table.columns().stream().anyMatch(column -> column.name().equals(Window.DELETED_AT));
    }
}
