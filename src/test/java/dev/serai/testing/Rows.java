package dev.serai.testing;

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
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;

/**
 * All rows of a source as DuckDB sees them, each value as DuckDB's text of it.
 *
 * @param types as DuckDB names them
 */
public record Rows(List<String> names, List<String> types, List<List<@Nullable String>> values) {

    /** Reads the source to its end and closes it. */
    public static Rows of(RowSource source) {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            return of(source, duckdb);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same on a DuckDB of one's own, where many sources are read. */
    public static Rows of(RowSource source, Connection duckdb) {
        try (Statement statement = duckdb.createStatement();
                RowScan scan =
                        RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), rows -> {})) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet rows =
                    statement.executeQuery("SELECT COLUMNS(*)::VARCHAR FROM " + scan.relation() + " AS scanned")) {
                List<List<@Nullable String>> values = new ArrayList<>();
                while (rows.next()) {
                    List<@Nullable String> row = new ArrayList<>();
                    for (int i = 1; i <= scan.columns().size(); i++) {
                        row.add(rows.getString(i));
                    }
                    values.add(row);
                }
                return new Rows(
                        scan.columns().stream().map(Column::name).toList(),
                        scan.columns().stream()
                                .map(column -> column.type().duckdb())
                                .toList(),
                        values);
            } catch (SQLException e) {
                throw scan.failure(e);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
