package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table are read next, going by an index of whole numbers? Whoever is free asks the index where the next
 * so many rows end, in the snapshot that all see: so ranges have about as many rows, however large the gaps between the
 * keys are, and the last one is open.
 */
final class KeyRanges {
    private static final int LEAST = 2_000;
    private static final int MOST = 200_000;
    private static final int A_CONNECTION = 8;
    /** After so many ranges the table is larger than was thought, and the next ones are, too. */
    private static final int GROWING = 32;

    private final String table;
    private final List<String> key;
    private long rows;
    private int given;
    private @Nullable List<String> last;
    private boolean over;

    /**
     * @param table with the index that is to be used
     * @param key quoted columns, none of which has NULLs
     * @param estimate of all rows, or -1
     */
    KeyRanges(String table, List<String> key, long estimate, int connections) {
        this.table = table;
        this.key = List.copyOf(key);
        this.rows = Math.max(LEAST, Math.min(MOST, estimate / ((long) A_CONNECTION * connections)));
    }

    /** Whether there are more rows than one range has. */
    boolean areSeveral(Connection connection) throws SQLException {
        return after(connection, null) != null;
    }

    /** A condition; null when all are given away. */
    synchronized @Nullable String next(Connection connection) throws SQLException {
        if (over) {
            return null;
        }
        if (++given % GROWING == 0) {
            rows = Math.min(MOST, 2 * rows);
        }
        List<String> begin = last;
        last = after(connection, begin);
        over = last == null;
        String above = begin == null ? "" : above(begin);
        if (last == null) {
            return above;
        }
        String upTo = "NOT (" + above(last) + ") AND " + key.get(0) + " <= " + last.get(0);
        return above.isEmpty() ? upTo : above + " AND " + upTo;
    }

    private @Nullable List<String> after(Connection connection, @Nullable List<String> begin) throws SQLException {
        String columns = String.join(", ", key);
        String sql = key.stream().map(column -> "CAST(" + column + " AS CHAR)").collect(Collectors.joining(", "))
                + " FROM " + table + (begin == null ? "" : " WHERE " + above(begin)) + " ORDER BY " + columns
                + " LIMIT 1 OFFSET " + (rows - 1);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + sql)) {
            if (!row.next()) {
                return null;
            }
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= key.size(); i++) {
                values.add(row.getString(i));
            }
            return values;
        }
    }

    /** In the order of the index. */
    private String above(List<String> values) {
        List<String> ways = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            StringBuilder way = new StringBuilder("(");
            for (int j = 0; j < i; j++) {
                way.append(key.get(j)).append(" = ").append(values.get(j)).append(" AND ");
            }
            ways.add(way.append(key.get(i))
                    .append(" > ")
                    .append(values.get(i))
                    .append(")")
                    .toString());
        }
        return key.get(0) + " >= " + values.get(0) + " AND (" + String.join(" OR ", ways) + ")";
    }
}
