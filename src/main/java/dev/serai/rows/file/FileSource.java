package dev.serai.rows.file;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.ScannedSource;

/**
 * A file in UTF-8, which DuckDB reads where it lies. Closing leaves the file.
 *
 * @param table the columns that the rows are to be added to, whose types hold: a row with a value of another is
 *     rejected; empty where there are none, and the columns are as wide as their values need
 * @param exact whether all values are looked at before they are read, and not the first ones
 * @param rejects told, before the rows are made anybody's, which lines did not fit
 */
public record FileSource(Path file, FileLayout layout, List<Column> table, boolean exact, Rejects rejects)
        implements ScannedSource {
    /** The code of a failure that {@code exact} prevents: a later value is not what the first ones were. */
    public static final String TYPES_CHANGED = "types_changed";

    /** Who is told of lines that did not fit. */
    @FunctionalInterface
    public interface Rejects {
        /**
         * @param rows {@code line}, {@code column}, {@code reason}, {@code raw}; gone when this returns
         * @param lines how many lines it was
         * @param read how the file was read, in words
         */
        void take(ParquetSource rows, long lines, String read);
    }

    public FileSource {
        table = List.copyOf(table);
    }

    @Override
    public RowScan scan(Connection duckdb, Path staging) throws SQLException {
        return FileScan.open(duckdb, this, staging);
    }

    @Override
    public void close() {
        // The file is its owner's.
    }
}
