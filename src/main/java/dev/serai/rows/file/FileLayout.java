package dev.serai.rows.file;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/** How a file's text in UTF-8 is laid out. */
public sealed interface FileLayout {
    /**
     * Separated values as people's programs write them.
     *
     * @param columns in the place of those that would be found, one for each of the file's; empty: as they are found
     */
    record Separated(CsvDialect dialect, List<Column> columns) implements FileLayout {
        public Separated {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Separated values as Serai writes them: with commas, in double quotes, without a header, first in each line the
     * row's number where it comes from; a line may lack values at its end.
     *
     * @param columns whose values are as DuckDB writes them, so that they can be cast
     * @param words how the rows were read, for the run
     */
    record Numbered(List<Column> columns, String words) implements FileLayout {
        public Numbered {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One JSON object a line, of which none is broken; lines may be empty.
     *
     * @param numbers on each line the one where the object of that line was; null where it is the same one
     * @param rejected one object a line with {@code line}, {@code column}, {@code reason} and {@code raw}
     * @param words how the rows were read, for the run
     */
    record Objects(Path rejected, @Nullable Path numbers, String words) implements FileLayout {}
}
