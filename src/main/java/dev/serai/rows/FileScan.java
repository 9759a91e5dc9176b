package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;

/** A file of separated values that DuckDB reads where it lies; lines that do not fit are set aside and told of. */
final class FileScan extends RowScan {
    private static final LogicalType TEXT = LogicalType.of(LogicalType.Kind.VARCHAR);
    private static final LogicalType NUMBER = LogicalType.of(LogicalType.Kind.BIGINT);
    private static final List<Column> REJECTED = List.of(
            Column.of("line", NUMBER), Column.of("column", TEXT), Column.of("reason", TEXT), Column.of("raw", TEXT));
    private static final String NOTHING = "(SELECT NULL AS nothing WHERE false)";

    private final Connection duckdb;
    private final FileSource source;
    private final Path rejected;
    private final FoundDialect dialect;

    private FileScan(Connection duckdb, FileSource source, Path staging, FoundDialect dialect, TextColumns columns) {
        super(columns.columns(), columns.relation());
        this.duckdb = duckdb;
        this.source = source;
        this.rejected = staging.resolve("rejects.parquet");
        this.dialect = dialect;
    }

    static FileScan open(Connection duckdb, FileSource source, Path staging) throws SQLException {
        FoundDialect dialect = FoundDialect.find(duckdb, source.file(), source.dialect());
        try {
            List<String> names = dialect.names();
            TextColumns columns = names.isEmpty()
                    ? new TextColumns(List.of(), NOTHING)
                    : new FileColumns(duckdb, dialect.rows(false), names, source.exact()).find(source.table());
            String relation = columns.relation().replace(dialect.rows(false), dialect.rows(true));
            return new FileScan(duckdb, source, staging, dialect, new TextColumns(columns.columns(), relation));
        } catch (SQLException e) {
            throw FullDisk.in(e).orElseGet(() -> FoundDialect.unreadable(e));
        }
    }

    FoundDialect dialect() {
        return dialect;
    }

    /** Sets aside what was rejected, while nobody sees the other rows yet. */
    @Override
    public void read() {
        if (columns().isEmpty()) {
            return;
        }
        // Of a line with several faults the first counts; one that is broken over lines may repeat its text.
        String first =
                "(SELECT line, arg_min(coalesce(column_name, CAST(column_idx AS VARCHAR)), column_idx) AS \"column\","
                        + " arg_min(lower(replace(CAST(error_type AS VARCHAR), '_', ' ')), column_idx) AS reason,"
                        + " any_value(csv_line) AS raw FROM " + FoundDialect.ERRORS + " GROUP BY line)";
        try (Statement statement = duckdb.createStatement()) {
            long lines = 0;
            try (ResultSet row = statement.executeQuery("SELECT count(DISTINCT line) FROM " + FoundDialect.ERRORS)) {
                row.next();
                lines = row.getLong(1);
            }
            statement.execute("COPY (SELECT CAST(line AS BIGINT) AS line, \"column\", reason, raw FROM " + first
                    + ") TO " + SqlText.literal(rejected.toString()) + " (FORMAT parquet)");
            source.rejects().take(new ParquetSource(rejected, REJECTED), lines, dialect.words());
        } catch (SQLException e) {
            throw FullDisk.in(e).orElseThrow(() -> new IllegalStateException("Rejected lines could not be kept", e));
        }
    }

    @Override
    public List<RowWarning> warnings() {
        return List.of();
    }

    @Override
    public RuntimeException failure(SQLException e) {
        if (String.valueOf(e.getMessage()).contains(FileColumns.MARK)) {
            return new FailureException(
                    new Failure.Conflict(
                            FileSource.TYPES_CHANGED, "A later value is not of the type that the first ones have."),
                    e);
        }
        return FullDisk.in(e).orElseGet(() -> FoundDialect.unreadable(e));
    }

    @Override
    public void close() {
        // The file is the source's owner's.
    }
}
