package dev.serai.rows.file;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/** What is in a file, by its first rows? */
public final class FilePreview {
    private static final int ROWS = 20;

    private FilePreview() {}

    /**
     * What was found.
     *
     * @param delimiter of separated values, as quote and header; else null
     * @param rows the first ones, each value as text
     */
    public record Found(
            @Nullable String delimiter,
            @Nullable String quote,
            @Nullable Boolean header,
            List<Column> columns,
            List<List<@Nullable String>> rows) {}

    /** @param folder for what DuckDB may need to lay down */
    public static Found of(Path file, FileLayout layout, Path folder) {
        FileSource source = new FileSource(file, layout, List.of(), false, (rows, lines, read) -> {});
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                FileScan scan = FileScan.open(duckdb, source, folder)) {
            FoundDialect dialect = scan.opened().dialect();
            List<List<@Nullable String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT * FROM " + scan.relation() + " LIMIT " + ROWS)) {
                while (row.next()) {
                    List<@Nullable String> values = new ArrayList<>();
                    for (int i = 1; i <= scan.columns().size(); i++) {
                        values.add(row.getString(i));
                    }
                    rows.add(values);
                }
            } catch (SQLException e) {
                throw scan.failure(e);
            }
            return new Found(
                    dialect == null ? null : dialect.delimiter(),
                    dialect == null ? null : dialect.quote(),
                    dialect == null ? null : dialect.header(),
                    scan.columns(),
                    rows);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not start", e);
        }
    }
}
