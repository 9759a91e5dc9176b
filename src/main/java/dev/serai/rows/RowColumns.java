package dev.serai.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** Which columns do some rows have? For a sample, whose rows are not kept. */
public final class RowColumns {
    private RowColumns() {}

    /** The columns as DuckDB finds them, in a database of their own. Closes the source. */
    public static List<Column> of(RowSource sample, SpillFolder place) {
        if (sample instanceof BatchSource batches) {
            try (batches) {
                return batches.columns();
            }
        }
        try {
            Path staging = Files.createTempDirectory(place.folder("rows"), "sample");
            try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                    RowScan scan = RowScan.open(duckdb, sample, staging, rows -> {})) {
                return scan.columns();
            } finally {
                Files.deleteIfExists(staging);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not start", e);
        } catch (IOException e) {
            throw new UncheckedIOException("No place for a sample", e);
        }
    }
}
