package dev.serai.lake;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/**
 * One version of a table: its columns and exactly the files that hold its rows.
 *
 * @param rows of all files
 * @param watermark the position stored in the same commit as the rows
 * @param watermarkOf the column whose position it is
 * @param selection by what the rows were chosen, as the commit's request said
 */
public record TableSnapshot(
        TableId table,
        long version,
        Instant committedAt,
        List<Column> columns,
        List<DataFile> files,
        long rows,
        long bytes,
        @Nullable String watermark,
        @Nullable String watermarkOf,
        @Nullable String selection,
        Scan scanOf) {

    public TableSnapshot {
        columns = List.copyOf(columns);
        files = List.copyOf(files);
    }

    /** A SELECT of all rows, for a DuckDB that may read the files. */
    public String scan() {
        return scanOf.select(files);
    }

    /** The same version with only a part of its files, in this order. */
    public TableSnapshot part(List<DataFile> part) {
        return new TableSnapshot(
                table,
                version,
                committedAt,
                columns,
                part,
                part.stream().mapToLong(DataFile::rows).sum(),
                part.stream().mapToLong(DataFile::bytes).sum(),
                watermark,
                watermarkOf,
                selection,
                scanOf);
    }

    /** One Parquet file. */
    public record DataFile(Path path, long rows, long bytes) {}

    /** How the files are read: their columns under the names of this version. */
    @FunctionalInterface
    public interface Scan {
        /** The rows file by file in the order given, and in each as they lie there. */
        String select(List<DataFile> files);
    }
}
