package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One condition on the columns of a model, as a person wrote it. It has no subqueries, which would reach other models than
 * those that the connector offers.
 */
record MariaFilter(String condition) {
    private static final String POINTER = "/filter";

    /** It must not be able to end its own parentheses, however its double quotes are meant. */
    MariaFilter {
        for (MariaScan scan : scans(condition)) {
            if (scan.end() < condition.length() || !scan.balanced() || scan.writes()) {
                throw new FailureException(Failure.Invalid.of(POINTER, "must be one SQL condition"));
            }
            if (scan.nested()) {
                throw new FailureException(Failure.Invalid.of(
                        POINTER,
                        "must be a condition on the model's own columns; a dataset over a query may have subqueries"));
            }
        }
    }

    /** In parentheses and with a line of its own, so that a comment at its end ends too. */
    String sql() {
        return "(\n" + condition + "\n)";
    }

    /** Has the server parse a statement in which only this may be at fault. */
    void check(ConnectionPool.Lease lease, String sql) {
        try (PreparedStatement prepared = lease.prepareStatement(sql)) {
            if (prepared.getParameterMetaData().getParameterCount() > 0) {
                throw new FailureException(Failure.Invalid.of(POINTER, "must have no parameters"));
            }
        } catch (SQLException e) {
            Failure failure = MariaFailures.of(e);
            boolean filters = failure.code().equals(MariaFailures.REFUSED)
                    || failure.code().equals("column_missing");
            throw new FailureException(filters ? Failure.Invalid.of(POINTER, MariaFailures.said(e)) : failure, e);
        }
    }

    /** Whether it may call a stored function, which may read other tables than the model's. */
    boolean callsStored(Connection connection) throws SQLException {
        Set<String> names = new TreeSet<>();
        for (MariaScan scan : scans(condition)) {
            if (scan.callsQualified()) {
                return true;
            }
            names.addAll(scan.called());
        }
        if (names.isEmpty()) {
            return false;
        }
        String sql = "SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()"
                + " AND ROUTINE_NAME IN (" + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 0;
            for (String name : names) {
                statement.setString(++index, name);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getLong(1) > 0;
            }
        }
    }

    private static List<MariaScan> scans(String condition) {
        return List.of(MariaScan.of(condition, true), MariaScan.of(condition, false));
    }
}
