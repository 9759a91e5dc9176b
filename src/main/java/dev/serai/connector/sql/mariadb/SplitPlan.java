package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Can a table be read in ranges of its primary key, and by which of the key's columns? It can where its engine keeps
 * snapshots, its rows change by statements on itself alone and its key begins with whole numbers.
 *
 * @param whyNot a clause; empty: it can
 * @param key the quoted columns that the ranges go by
 */
record SplitPlan(String whyNot, List<String> key) {
    /** Changes that come from another table take no lock of this one in every version. */
    private static final Pattern CASCADES =
            Pattern.compile("ON (DELETE|UPDATE) (CASCADE|SET (NULL|DEFAULT))", Pattern.CASE_INSENSITIVE);

    private static final String ENGINE =
            """
            SELECT ENGINE FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
            """;

    /** The primary key's columns, and whether each is a whole one of whole numbers. */
    private static final String KEY =
            """
            SELECT s.COLUMN_NAME,
                   c.IS_NULLABLE = 'NO' AND s.SUB_PART IS NULL
                     AND c.DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint')
            FROM information_schema.STATISTICS s
            JOIN information_schema.COLUMNS c
              ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
            WHERE s.TABLE_SCHEMA = ? AND s.TABLE_NAME = ? AND CAST(s.TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND CAST(c.TABLE_NAME AS BINARY) = CAST(s.TABLE_NAME AS BINARY)
              AND s.INDEX_NAME = 'PRIMARY'
            ORDER BY s.SEQ_IN_INDEX
            """;

    /** @param filtered the whole read where it has a condition; else empty */
    static SplitPlan of(Connection connection, String schema, String name, String filtered) throws SQLException {
        if (onlyReads(connection)) {
            return not("the server only reads, so it sees its own locks alone");
        }
        if (!asked(connection, ENGINE, schema, name).equals(List.of(List.of("InnoDB")))) {
            return not("it is no table of InnoDB, so there are no snapshots of it");
        }
        if (cascades(connection, table(schema, name))) {
            return not("a foreign key changes it along with another table");
        }
        List<String> key = new ArrayList<>();
        for (List<String> column : asked(connection, KEY, schema, name)) {
            if (!column.get(1).equals("1")) {
                break;
            }
            key.add(MariaQuestion.quoted(column.get(0)));
        }
        if (key.isEmpty()) {
            return not("it has no primary key that begins with a whole number");
        }
        if (!filtered.isEmpty() && takesIndex(connection, filtered)) {
            return not("an index finds the rows that the filter lets through");
        }
        return new SplitPlan("", List.copyOf(key));
    }

    static SplitPlan not(String why) {
        return new SplitPlan(why, List.of());
    }

    static String table(String schema, String name) {
        return MariaQuestion.quoted(schema) + "." + MariaQuestion.quoted(name);
    }

    /** A lock there stops none who write to the same files elsewhere. */
    private static boolean onlyReads(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@innodb_read_only")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean cascades(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + table)) {
            return row.next() && CASCADES.matcher(row.getString(2)).find();
        }
    }

    /** In the form that has columns, whichever the server's own is. */
    private static boolean takesIndex(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN FORMAT=TRADITIONAL " + sql)) {
            return row.next() && !"ALL".equalsIgnoreCase(row.getString("type"));
        }
    }

    private static List<List<String>> asked(Connection connection, String sql, String schema, String name)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            statement.setString(3, name);
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(String.valueOf(row.getString(i)));
                    }
                    rows.add(values);
                }
            }
            return rows;
        }
    }
}
