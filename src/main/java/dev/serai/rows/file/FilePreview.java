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
     * @param dialect of separated values; null of others
     * @param rows the first ones, each value as text
     */
    public record Found(@Nullable CsvDialect dialect, List<Column> columns, List<List<@Nullable String>> rows) {}

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
            return new Found(dialect == null ? null : said(dialect, layout), scan.columns(), rows);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not start", e);
        }
    }

    private static CsvDialect said(FoundDialect dialect, FileLayout layout) {
        boolean comma =
                layout instanceof FileLayout.Separated its && its.dialect().comma();
        return new CsvDialect(
                dialect.delimiter(),
                dialect.quote(),
                dialect.escape(),
                dialect.header(),
                dialect.skip(),
                dialect.nullText(),
                comma ? "," : ".");
    }
}
