package dev.serai.rows.file;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

import dev.serai.failure.FullDisk;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowWarning;
import dev.serai.rows.SqlText;

/** Rows of a Parquet file as they are. */
final class ParquetScan extends RowScan {
    ParquetScan(ParquetSource source) {
        super(
                source.columns(),
                source.columns().stream()
                        .map(column -> SqlText.identifier(column.name()))
                        .collect(Collectors.joining(
                                ", ",
                                "(SELECT ",
                                " FROM read_parquet("
                                        + SqlText.literal(source.file().toString()) + "))")));
    }

    @Override
    public List<RowWarning> warnings() {
        return List.of();
    }

    @Override
    public RuntimeException failure(SQLException e) {
        return FullDisk.in(e).orElseThrow(() -> new IllegalStateException("Rows of ours could not be read", e));
    }

    @Override
    public void close() {
        // The file is its owner's.
    }
}
