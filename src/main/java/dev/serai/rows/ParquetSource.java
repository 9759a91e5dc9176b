package dev.serai.rows;

import java.nio.file.Path;
import java.util.List;

/** Rows that Serai itself wrote to a Parquet file. Closing leaves the file. */
public record ParquetSource(Path file, List<Column> columns) implements RowSource {
    public ParquetSource {
        columns = List.copyOf(columns);
    }

    @Override
    public void close() {
        // The file is its owner's.
    }
}
