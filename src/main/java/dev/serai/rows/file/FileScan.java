package dev.serai.rows.file;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowWarning;
import dev.serai.rows.SqlText;

/** A file that DuckDB reads where it lies; lines that do not fit are set aside and told of. */
final class FileScan extends RowScan {
    private static final LogicalType TEXT = LogicalType.of(LogicalType.Kind.VARCHAR);
    private static final LogicalType NUMBER = LogicalType.of(LogicalType.Kind.BIGINT);
    private static final List<Column> REJECTED = List.of(
            Column.of("line", NUMBER), Column.of("column", TEXT), Column.of("reason", TEXT), Column.of("raw", TEXT));

    private final Connection duckdb;
    private final FileSource source;
    private final Path rejected;
    private final Opened opened;

    private FileScan(Connection duckdb, FileSource source, Path staging, Opened opened) {
        super(opened.columns(), opened.relation());
        this.duckdb = duckdb;
        this.source = source;
        this.rejected = staging.resolve("rejects.parquet");
        this.opened = opened;
    }

    static FileScan open(Connection duckdb, FileSource source, Path staging) {
        try {
            return new FileScan(duckdb, source, staging, new FileOpening(duckdb, source, staging).open());
        } catch (SQLException e) {
            throw FullDisk.in(e).orElseGet(() -> FoundDialect.unreadable(e));
        }
    }

    Opened opened() {
        return opened;
    }

    /** Sets aside what was rejected, while nobody sees the other rows yet. */
    @Override
    public void read(long rows) {
        Opened.Rejected left = opened.rejected();
        String file = SqlText.literal(rejected.toString());
        try (Statement statement = duckdb.createStatement()) {
            String relation = left == null ? Opened.NONE : left.relation();
            statement.execute("COPY (SELECT CAST(line AS BIGINT) AS line, \"column\", reason, raw FROM " + relation
                    + " ORDER BY line) TO " + file + " (FORMAT parquet)");
            long lines;
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM read_parquet(" + file + ")")) {
                row.next();
                lines = row.getLong(1);
            }
            source.rejects().take(new ParquetSource(rejected, REJECTED), lines, opened.words());
            if (rows == 0 && lines > 0) {
                throw new FailureException(new Failure.Invalid(
                        "all_rejected",
                        "None of the file's rows fit (" + lines + " were rejected), so the dataset is as it was; the"
                                + " rejected rows are kept.",
                        List.of()));
            }
        } catch (SQLException | IOException e) {
            throw FullDisk.in(e).orElseThrow(() -> new IllegalStateException("Rejected lines could not be kept", e));
        }
    }

    @Override
    public List<RowWarning> warnings() {
        return opened.warnings();
    }

    @Override
    public RuntimeException failure(SQLException e) {
        if (String.valueOf(e.getMessage()).contains(ValueForm.MARK)) {
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
