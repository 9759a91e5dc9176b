package dev.serai.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Reads all rows of a statement on DuckDB. */
public final class Duck {
    private Duck() {}

    public static Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:duckdb:");
    }

    public static List<List<@Nullable Object>> rows(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (row.next()) {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    // java.sql.Timestamp would count old days by the Julian calendar.
                    values.add(
                            row.getMetaData().getColumnTypeName(i).equals("TIMESTAMP")
                                    ? row.getObject(i, LocalDateTime.class)
                                    : row.getObject(i));
                }
                rows.add(values);
            }
            return rows;
        }
    }

    public static List<String> types(Connection duckdb, String sql) throws SQLException {
        return rows(duckdb, "SELECT column_type FROM (DESCRIBE " + sql + ")").stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    /** On a database of its own. */
    public static List<List<@Nullable Object>> rows(String sql) throws SQLException {
        try (Connection duckdb = open()) {
            return rows(duckdb, sql);
        }
    }

    /** On a database of its own. */
    public static List<String> types(String sql) throws SQLException {
        try (Connection duckdb = open()) {
            return types(duckdb, sql);
        }
    }
}
