package dev.serai.connector.sql.postgres;

import java.sql.SQLException;

import org.postgresql.util.PSQLException;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One condition on the columns of a model, as a person wrote it. It has no subqueries, which would reach other models than
 * those that the connector offers; the functions it calls may do whatever the source lets the user do while reading.
 */
record PostgresFilter(String condition) {
    private static final String POINTER = "/filter";

    /** COPY takes several statements at once, so a filter must not be able to end the first one. */
    PostgresFilter {
        PostgresScan scan = PostgresScan.of(condition);
        if (condition.indexOf('\0') >= 0
                || scan.end() < condition.length()
                || !scan.balanced()
                || !scan.parameters().isEmpty()) {
            throw new FailureException(Failure.Invalid.of(POINTER, "must be one SQL condition"));
        }
        if (scan.nested()) {
            throw new FailureException(Failure.Invalid.of(
                    POINTER,
                    "must be a condition on the model's own columns; a dataset over a query may have subqueries"));
        }
    }

    /** In parentheses and with a line of its own, so that a comment at its end ends too. */
    String sql() {
        return "(\n" + condition + "\n)";
    }

    /** Has the server parse a statement in which only this may be at fault. */
    void check(ConnectionPool.Lease lease, String jdbc) {
        try (var prepared = lease.prepareStatement(jdbc)) {
            prepared.getMetaData();
        } catch (SQLException e) {
            throw new FailureException(atFault(e) ? Failure.Invalid.of(POINTER, said(e)) : PostgresFailures.of(e), e);
        }
    }

    /** The driver, which finds what is not closed before the server sees it, repeats the whole statement. */
    private static String said(SQLException e) {
        return e instanceof PSQLException driver && driver.getServerErrorMessage() == null
                ? "must be one SQL condition; a quote or comment in it is not closed"
                : PostgresFailures.said(e);
    }

    private static boolean atFault(SQLException e) {
        String state = e.getSQLState();
        return switch (state == null || state.length() < 2 ? "" : state.substring(0, 2)) {
            case "0A", "22", "42", "54" -> !"42501".equals(state);
            default -> false;
        };
    }
}
