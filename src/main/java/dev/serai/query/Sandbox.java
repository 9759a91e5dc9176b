package dev.serai.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

import dev.serai.failure.Failure;
import dev.serai.failure.Fault;

/**
 * A DuckDB of its own for one computation: it may open exactly the given files, its configuration is locked, its memory
 * and its spill to disk are bounded.
 */
final class Sandbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final Connection connection;
    private final Path spill;

    private Sandbox(Connection connection, Path spill) {
        this.connection = connection;
        this.spill = spill;
    }

    /**
     * For SQL of a user's.
     *
     * @param spill a folder that is this instance's alone; made when needed, removed by closing
     */
    static Sandbox locked(Limits limits, Path spill, Collection<Path> files) throws SQLException {
        return open(limits, spill, lock(files));
    }

    /** For SQL of ours alone: it may open files and register functions. */
    static Sandbox open(Limits limits, Path spill) throws SQLException {
        return open(limits, spill, "");
    }

    private static Sandbox open(Limits limits, Path spill, String lock) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("jdbc_stream_results", "true");
        Sandbox sandbox = new Sandbox(DriverManager.getConnection("jdbc:duckdb:", properties), spill);
        try {
            sandbox.execute(configuration(limits, spill) + lock);
            return sandbox;
        } catch (SQLException e) {
            sandbox.close();
            throw e;
        }
    }

    private static String configuration(Limits limits, Path spill) {
        return String.join(
                "; ",
                "SET threads = " + limits.threads(),
                "SET memory_limit = '" + limits.memoryBytes() / 1024 + "KiB'",
                "SET temp_directory = " + literal(spill.toAbsolutePath().toString()),
                "SET max_temp_directory_size = '" + limits.spillBytes() / 1024 + "KiB'",
                "SET TimeZone = 'UTC'",
                "SET errors_as_json = true",
                "SET late_materialization_max_rows = 2000",
                "SET autoinstall_known_extensions = false",
                "SET autoload_known_extensions = false",
                "SET allow_community_extensions = false");
    }

    private static String lock(Collection<Path> files) {
        String paths = files.stream()
                .map(file -> literal(file.toAbsolutePath().toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        return "; SET allowed_paths = " + paths + "; SET enable_external_access = false; SET lock_configuration = true";
    }

    /** Makes a SELECT readable under a name: a table, or a schema and a table. */
    void define(List<String> name, String select) throws SQLException {
        if (name.size() > 1) {
            execute("CREATE SCHEMA IF NOT EXISTS " + identifier(name.get(0)));
        }
        String quoted = name.stream().map(Sandbox::identifier).collect(Collectors.joining("."));
        execute("CREATE OR REPLACE VIEW " + quoted + " AS " + select);
    }

    /** Ends what runs, from any thread; returns when it has ended. Nothing can run afterwards. */
    void interrupt() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("A query's DuckDB did not close", e);
        }
    }

    Path place() {
        return spill;
    }

    Connection connection() {
        return connection;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    @Override
    public void close() {
        interrupt();
        try {
            if (Files.exists(spill)) {
                FileSystemUtils.deleteRecursively(spill);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one computation may use. */
    record Limits(int threads, long memoryBytes, long spillBytes) {

        /** With so many times less memory. */
        Limits part(int parts) {
            return new Limits(threads, memoryBytes / parts, spillBytes);
        }

        Failure tooMuchMemory() {
            String spent = "The query needs more than the " + (memoryBytes >> 20)
                    + " MiB of memory it may use (SERAI_QUERY_MEMORY).";
            return new Failure.Invalid("memory_limit", spent, List.of(new Fault("/sql", spent)));
        }

        Failure tooMuchSpill() {
            String spent = "The query needs more than the " + (spillBytes >> 20)
                    + " MiB of disk it may use beside its memory (SERAI_QUERY_SPILL).";
            return new Failure.Invalid("spill_limit", spent, List.of(new Fault("/sql", spent)));
        }
    }
}
