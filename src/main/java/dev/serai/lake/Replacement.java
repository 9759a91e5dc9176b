package dev.serai.lake;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.types.StructType;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowWarning;

/** Replaces all rows of a table: writes the new ones aside, then makes them the table's in one commit. */
final class Replacement implements StagedWrite.Work {
    private static final Map<String, String> PROPERTIES =
            Map.of("delta.columnMapping.mode", "name", "delta.feature.domainMetadata", "supported");

    private final DeltaTable table;
    private final CommitRequest request;

    Replacement(DeltaTable table, CommitRequest request) {
        this.table = table;
        this.request = request;
    }

    @Override
    public CommitResult with(StagedWrite.Open open) throws SQLException, IOException {
        RowScan scan = open.scan();
        List<Column> columns = ChosenColumns.of(request.columns(), scan.columns());
        Transaction transaction = transaction(open.base(), columns);
        StructType schema = transaction.getSchema(table.engine());
        TableWriter.Written written = columns.isEmpty() ? TableWriter.Written.NOTHING : write(open, schema);
        scan.read(written.rows());
        Watermarks.Found mark = Watermarks.find(request, open.statement(), written, schema);
        List<RowWarning> warnings = new ArrayList<>(scan.warnings());
        warnings.addAll(mark.warnings());
        List<KernelInternals.ActiveFile> old = open.base()
                .map(snapshot -> KernelInternals.files(snapshot, table.engine()))
                .orElse(List.of());
        long version = new TableCommit(table, request, open.staging())
                .commit(transaction, open.base().isEmpty(), old, written.files(), mark.value(), work(written));
        return new CommitResult(
                version, true, false, written.rows(), written.rows(), 0, written.bytes(), mark.value(), warnings);
    }

    private static Position.Work work(TableWriter.Written written) {
        return new Position.Work(false, written.rows(), written.rows(), 0, written.bytes());
    }

    private static TableWriter.Written write(StagedWrite.Open open, StructType schema) throws IOException {
        try {
            return new TableWriter(open.staging())
                    .write(open.statement(), open.scan().relation(), schema);
        } catch (SQLException e) {
            throw WriteFailure.of(open.scan().failure(e), e);
        }
    }

    private Transaction transaction(Optional<Snapshot> base, List<Column> columns) {
        if (base.isPresent()) {
            StructType present = base.get().getSchema();
            StructType schema = columns.isEmpty()
                    ? present
                    : DeltaSchema.replaced(present, columns, DeltaSchema.lastId(base.get()));
            return TableCommit.update(base.get(), schema, request).build(table.engine());
        }
        if (columns.isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "no_columns",
                    "The source gave no rows and names no columns, so there is nothing to make a table of.",
                    false));
        }
        try {
            return TableManager.buildCreateTableTransaction(
                            table.folder().toString(), DeltaSchema.of(columns), TableCommit.ENGINE)
                    .withTableProperties(PROPERTIES)
                    .withMaxRetries(0)
                    .build(table.engine());
        } catch (TableAlreadyExistsException e) {
            throw TableCommit.conflict(e);
        }
    }
}
