package dev.serai.lake;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/**
 * One version of a table: its columns and exactly the files that hold its rows.
 *
 * @param watermark the position stored in the same commit as the rows
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
        String scan) {

    /** One Parquet file. */
    public record DataFile(Path path, long rows, long bytes) {}
}
