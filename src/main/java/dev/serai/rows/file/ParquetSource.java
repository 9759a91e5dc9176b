package dev.serai.rows.file;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;

import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.ScannedSource;

/** Rows that Serai itself wrote to a Parquet file. Closing leaves the file. */
public record ParquetSource(Path file, List<Column> columns) implements ScannedSource {
    public ParquetSource {
        columns = List.copyOf(columns);
    }

    @Override
    public RowScan scan(Connection duckdb, Path staging) {
        return new ParquetScan(this);
    }

    @Override
    public void close() {
        // The file is its owner's.
    }
}
