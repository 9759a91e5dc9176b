package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.types.StructType;

import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.rows.SqlText;

/**
 * Merges the rows of a window into a table: the files that hold rows to be changed are written anew, all others stay.
 * Where nothing is to be changed no version is made.
 */
final class Merge implements StagedWrite.Work {
    /** The code of a merge that cannot keep the table's columns; a replacement can. */
    static final String SCHEMA_CHANGED = "schema_changed";

    /** The code of a merge that would miss rows below its window; a replacement has them. */
    static final String ROWS_BELOW_WINDOW = "rows_below_window";

    private final DeltaTable table;
    private final CommitRequest request;
    private final Window window;
    private final Instant now;

    /** @param now when rows that the source has no more are said to have been deleted */
    Merge(DeltaTable table, CommitRequest request, Window window, Instant now) {
        this.table = table;
        this.request = request;
        this.window = window;
        this.now = now;
    }

    @Override
    public List<Column> into(Optional<Snapshot> base) {
        return base.map(snapshot -> DeltaSchema.columns(snapshot.getSchema())).orElse(List.of());
    }

    @Override
    public CommitResult with(StagedWrite.Open open) throws SQLException, IOException {
        if (open.base().isEmpty()) {
            if (window.position() != null) {
                throw TableCommit.conflict(new IllegalStateException("The table of a window is gone"));
            }
            return new Replacement(table, request).with(open);
        }
        Snapshot base = open.base().get();
        RowScan scan = open.scan();
        List<Column> columns = ChosenColumns.of(request.columns(), scan.columns());
        StructType schema = DeltaSchema.merged(
                base.getSchema(), columns, window.deletes() == Window.Deletes.SOFT, DeltaSchema.lastId(base));
        List<KernelInternals.ActiveFile> files = KernelInternals.files(base, table.engine());
        MergeColumns places = new MergeColumns(schema, columns);
        Path staged = open.staging().folder().resolve("window.parquet");
        Statement statement = open.statement();
        long read = columns.isEmpty()
                ? 0
                : copy(open, "SELECT " + places.staged() + " FROM " + scan.relation(), staged, scan);
        List<RowWarning> warnings = new ArrayList<>(scan.warnings());
        // What it holds at the source may be all there is for reading the keys, or what another waits for who blocks
        // them.
        scan.close();
        MergeSteps steps = new MergeSteps(
                statement,
                places,
                window,
                files.stream().map(file -> table.folder().resolve(file.path())).toList());
        StagedWrite.stopIfAsked(request);
        steps.show(columns.isEmpty() ? null : staged, warnings);
        if (window.deletes() != Window.Deletes.NONE) {
            RowsBelow below = new RowsBelow(places, window);
            Path keys = keys(open, places, below);
            below.refuse(statement, keys);
            steps.missing(keys);
        }
        StagedWrite.stopIfAsked(request);
        MergeSteps.Plan plan = steps.plan();
        Watermarks.Found mark = steps.watermark(request);
        warnings.addAll(mark.warnings());
        boolean newColumn = columns.stream().anyMatch(column -> base.getSchema().indexOf(column.name()) < 0);
        if (plan.nothing() && !newColumn) {
            return new CommitResult(base.getVersion(), false, true, read, 0, 0, 0, mark.value(), warnings);
        }
        Transaction transaction = TableCommit.update(base, schema, request).build(table.engine());
        StagedWrite.stopIfAsked(request);
        TableWriter.Written written = plan.nothing()
                ? TableWriter.Written.NOTHING
                : new TableWriter(open.staging())
                        .write(statement, steps.result(plan, now), transaction.getSchema(table.engine()));
        long version = new TableCommit(table, request, open.staging())
                .commit(
                        transaction,
                        false,
                        plan.touched().stream().map(files::get).toList(),
                        written.files(),
                        mark.value(),
                        new Position.Work(true, read, plan.written(), plan.deleted(), written.bytes()));
        return new CommitResult(
                version, true, true, read, plan.written(), plan.deleted(), written.bytes(), mark.value(), warnings);
    }

    /** Stages the keys that the source has, with their watermarks; gives the file. */
    private Path keys(StagedWrite.Open open, MergeColumns places, RowsBelow below) throws SQLException {
        Path file = open.staging().folder().resolve("keys.parquet");
        try (RowSource keys = window.keys().open();
                var stopping = request.cancellation().onRequest(keys::close);
                RowScan scan = RowScan.open(
                        open.statement().getConnection(), keys, open.staging().folder(), rows -> {})) {
            ChosenColumns.of(window.key(), scan.columns());
            String select = places.keys(window.key(), scan.columns()) + ", " + below.staged(scan.columns()) + " AS w";
            copy(open, "SELECT " + select + " FROM " + scan.relation(), file, scan);
            return file;
        }
    }

    private static long copy(StagedWrite.Open open, String select, Path file, RowScan scan) throws SQLException {
        try {
            return open.statement()
                    .executeLargeUpdate(
                            "COPY (" + select + ") TO " + SqlText.literal(file.toString()) + " (FORMAT parquet)");
        } catch (SQLException e) {
            throw WriteFailure.of(scan.failure(e), e);
        }
    }
}
