package dev.serai.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.types.StructType;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;

/** Replaces all rows of a table: writes the new ones aside, then makes them the table's in one commit. */
final class Replacement {
    private static final String ENGINE = "Serai";
    private static final Map<String, String> PROPERTIES =
            Map.of("delta.columnMapping.mode", "name", "delta.feature.domainMetadata", "supported");

    private final DeltaTable table;
    private final LakeDuckDb duckdb;
    private final CommitRequest request;

    Replacement(DeltaTable table, LakeDuckDb duckdb, CommitRequest request) {
        this.table = table;
        this.duckdb = duckdb;
        this.request = request;
    }

    CommitResult with(RowSource rows) {
        try (rows) {
            stopIfAsked();
            StagingArea.clean(table.folder());
            Optional<Snapshot> base = table.latest();
            Optional<CommitResult> earlier = earlier(base);
            return earlier.isPresent() ? earlier.get() : write(rows, base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the same run committed before, for a run that did not hear of its own success. */
    private Optional<CommitResult> earlier(Optional<Snapshot> base) throws IOException {
        if (base.isEmpty() || !KernelInternals.committed(base.get(), table.engine(), request.runId())) {
            return Optional.empty();
        }
        for (TableVersion version : new TableHistory(table.folder()).versions()) {
            if (request.runId().equals(version.runId())) {
                return table.at(version.version())
                        .map(table::described)
                        .map(then -> new CommitResult(then.version(), then.rows(), then.bytes(), List.of()));
            }
        }
        TableSnapshot now = table.described(base.get());
        return Optional.of(new CommitResult(now.version(), now.rows(), now.bytes(), List.of()));
    }

    private CommitResult write(RowSource rows, Optional<Snapshot> base) throws IOException {
        long version = base.map(Snapshot::getVersion).orElse(-1L) + 1;
        try (StagingArea staging = StagingArea.open(table.folder())) {
            boolean committed = false;
            try {
                CommitResult result = write(rows, base, staging);
                committed = true;
                return result;
            } finally {
                if (!committed && !staging.committed(version)) {
                    staging.withdraw();
                }
            }
        }
    }

    private CommitResult write(RowSource rows, Optional<Snapshot> base, StagingArea staging) throws IOException {
        try (Connection connection = duckdb.connect();
                Statement statement = connection.createStatement();
                Cancellation.Registration stopping = request.cancellation().onRequest(() -> stop(statement, rows));
                RowScan scan = RowScan.open(connection, rows, staging.folder(), request.rowsSoFar())) {
            List<Column> columns = chosen(scan.columns());
            Transaction transaction = transaction(base, columns);
            TableWriter.Written written;
            try {
                written = columns.isEmpty()
                        ? TableWriter.Written.NOTHING
                        : new TableWriter(staging).write(statement, scan, transaction.getSchema(table.engine()));
            } catch (SQLException e) {
                throw WriteFailure.of(scan.failure(e), e);
            }
            stopIfAsked();
            Durable.syncFolder(table.folder());
            long version = new TableCommit(table, request, staging).commit(transaction, base, written);
            return new CommitResult(version, written.rows(), written.bytes(), scan.warnings());
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB gave no connection", e);
        } catch (RuntimeException e) {
            stopIfAsked();
            throw e;
        }
    }

    /** Those asked for. A source need not have left out the others; one that names none has no rows either. */
    private List<Column> chosen(List<Column> found) {
        if (request.columns().isEmpty() || found.isEmpty()) {
            return found;
        }
        Map<String, Column> byName = found.stream().collect(Collectors.toMap(Column::name, Function.identity()));
        List<String> missing = request.columns().stream()
                .filter(column -> !byName.containsKey(column))
                .toList();
        if (!missing.isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "column_missing",
                    "The source has no column " + String.join(", ", missing) + ".",
                    false));
        }
        return request.columns().stream().map(byName::get).toList();
    }

    private Transaction transaction(Optional<Snapshot> base, List<Column> columns) {
        if (base.isPresent()) {
            var update = base.get()
                    .buildUpdateTableTransaction(ENGINE, Operation.WRITE)
                    .withTransactionId(request.runId(), 0)
                    .withMaxRetries(0);
            StructType present = base.get().getSchema();
            StructType schema = columns.isEmpty() ? present : DeltaSchema.replaced(present, columns);
            return (schema.equals(present) ? update : update.withUpdatedSchema(schema)).build(table.engine());
        }
        if (columns.isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "no_columns",
                    "The source gave no rows and names no columns, so there is nothing to make a table of.",
                    false));
        }
        try {
            return TableManager.buildCreateTableTransaction(table.folder().toString(), DeltaSchema.of(columns), ENGINE)
                    .withTableProperties(PROPERTIES)
                    .withMaxRetries(0)
                    .build(table.engine());
        } catch (TableAlreadyExistsException e) {
            throw TableCommit.conflict(e);
        }
    }

    private void stop(Statement statement, RowSource rows) {
        try (rows) {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not stop", e);
        }
    }

    private void stopIfAsked() {
        if (request.cancellation().requested()) {
            throw new FailureException(new Failure.Cancelled("The write was stopped; the table is unchanged."));
        }
    }
}
