package dev.serai.lake;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;

import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.SqlText;

/** Adds rows to a table without looking at those that it has; columns that it lacks are added behind. */
final class Append implements StagedWrite.Work {
    private final DeltaTable table;
    private final CommitRequest request;

    Append(DeltaTable table, CommitRequest request) {
        this.table = table;
        this.request = request;
    }

    @Override
    public CommitResult with(StagedWrite.Open open) throws SQLException, IOException {
        if (open.base().isEmpty()) {
            return new Replacement(table, request).with(open);
        }
        Snapshot base = open.base().get();
        RowScan scan = open.scan();
        StructType schema = DeltaSchema.merged(base.getSchema(), scan.columns(), false, DeltaSchema.lastId(base));
        Map<String, Column> fresh =
                scan.columns().stream().collect(Collectors.toMap(Column::name, Function.identity()));
        check(base.getSchema(), fresh);
        Transaction transaction = TableCommit.update(base, schema, request).build(table.engine());
        StructType made = transaction.getSchema(table.engine());
        TableWriter.Written written = TableWriter.Written.NOTHING;
        if (!scan.columns().isEmpty()) {
            try {
                written = new TableWriter(open.staging()).write(open.statement(), relation(made, fresh, scan), made);
            } catch (SQLException e) {
                throw WriteFailure.of(scan.failure(e), e);
            }
        }
        scan.read(written.rows());
        String watermark = table.described(base).watermark();
        if (written.rows() == 0 && made.length() == base.getSchema().length()) {
            return new CommitResult(base.getVersion(), false, true, 0, 0, 0, 0, watermark, scan.warnings());
        }
        long version = new TableCommit(table, request, open.staging())
                .commit(
                        transaction,
                        false,
                        List.of(),
                        written.files(),
                        watermark,
                        new Position.Work(true, written.rows(), written.rows(), 0, written.bytes()));
        return new CommitResult(
                version, true, true, written.rows(), written.rows(), 0, written.bytes(), watermark, scan.warnings());
    }

    private static void check(StructType present, Map<String, Column> fresh) {
        for (StructField field : present.fields()) {
            Column column = fresh.get(field.getName());
            if (column != null && !DeltaSchema.type(field).covers(column.type())) {
                throw MergeColumns.schemaChanged("The column " + field.getName() + " is "
                        + DuckDbTypes.of(field.getDataType()) + " in the dataset, and values of it are not; nothing was"
                        + " appended.");
            }
        }
    }

    private static String relation(StructType schema, Map<String, Column> fresh, RowScan scan) {
        return schema.fields().stream()
                .map(field -> "CAST("
                        + (fresh.containsKey(field.getName()) ? SqlText.identifier(field.getName()) : "NULL") + " AS "
                        + DuckDbTypes.of(field.getDataType()) + ") AS " + SqlText.identifier(field.getName()))
                .collect(Collectors.joining(", ", "(SELECT ", " FROM " + scan.relation() + ")"));
    }
}
