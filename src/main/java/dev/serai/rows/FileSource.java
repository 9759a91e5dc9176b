package dev.serai.rows;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of separated values in UTF-8, which DuckDB reads where it lies. Closing leaves the file.
 *
 * @param table the columns that the rows are to be added to: one of the same name takes its type, as far as the values
 *     allow; empty where there are none
 * @param exact whether types are found by looking at all values and not at the first ones
 * @param rejects told, before the rows are made anybody's, which lines did not fit
 */
public record FileSource(Path file, CsvDialect dialect, List<Column> table, boolean exact, Rejects rejects)
        implements RowSource {
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
    public void close() {
        // The file is its owner's.
    }
}
