package dev.serai.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** A batch source behind the table function. */
final class BatchScan extends RowScan {
    private final String id;
    private final ScanJob job;

    private BatchScan(String id, ScanJob job, List<Column> columns) {
        super(columns, relation(id, columns));
        this.id = id;
        this.job = job;
    }

    static BatchScan offer(Connection duckdb, BatchSource source, ReadProgress progress) throws SQLException {
        ScanJob job = new ScanJob(source, progress, mostText(duckdb));
        if (job.columns().isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ, "no_columns", "The source has no column that could be read.", false));
        }
        return new BatchScan(RowsFunction.offer(duckdb, job), job, ColumnNames.distinct(job.columns()));
    }

    /** A share of DuckDB's memory that leaves room for the copies it makes, and for other scans at the same time. */
    private static long mostText(Connection duckdb) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT parse_formatted_bytes(current_setting('memory_limit')) // 16")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String relation(String id, List<Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> NativeForm.logical(
                                RowsFunction.column(i), columns.get(i).type())
                        + " AS " + SqlText.identifier(columns.get(i).name()))
                .collect(Collectors.joining(", ", "(SELECT ", " FROM " + RowsFunction.call(id) + ")"));
    }

    @Override
    public List<RowWarning> warnings() {
        return job.source().warnings();
    }

    @Override
    public RuntimeException failure(SQLException e) {
        Throwable reason = job.failure();
        if (reason == null) {
            return new IllegalStateException("DuckDB could not take the rows", e);
        }
        return ReadFailure.of(reason);
    }

    @Override
    public void close() {
        RowsFunction.withdraw(id);
        job.source().close();
    }
}
