package dev.serai.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.duckdb.DuckDBConnection;
import org.springframework.util.unit.DataSize;

import dev.serai.rows.GivingWay;
import dev.serai.rows.SpillFolder;
import dev.serai.rows.SqlText;

/** The DuckDB that writes the lake's Parquet files: an instance of its own, in memory, with a limit. */
final class LakeDuckDb implements AutoCloseable {
    private final SpillFolder spill;
    private final Connection root;

    LakeDuckDb(Path temporary, DataSize memory) {
        try {
            spill = SpillFolder.below(temporary);
            // DuckDB's own threads are as those that have them started.
            root = GivingWay.call("lake-duckdb", () -> open(spill, memory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not start", e);
        }
    }

    private static Connection open(SpillFolder spill, DataSize memory) throws SQLException {
        Connection root = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = root.createStatement()) {
            for (String setting : List.of(
                    "memory_limit = '" + memory.toMegabytes() + "MiB'",
                    "temp_directory = " + SqlText.literal(spill.path().toString()),
                    // Not what was free when it was first needed, which DuckDB would never look at again.
                    "max_temp_directory_size = '1000TB'",
                    "threads = 2",
                    // With threads of its own for writing, DuckDB 2.0 can wait for itself for ever when a COPY
                    // fails.
                    "async_threads = 0",
                    "preserve_insertion_order = false",
                    "autoinstall_known_extensions = false",
                    "autoload_known_extensions = false")) {
                statement.execute("SET GLOBAL " + setting);
            }
        }
        return root;
    }

    /** A connection of one piece of work; times of its texts are UTC. */
    Connection connect() throws SQLException {
        Connection connection = root.unwrap(DuckDBConnection.class).duplicate();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
        }
        return connection;
    }

    @Override
    public void close() throws SQLException, IOException {
        root.close();
        spill.remove();
    }
}
