package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Utils;

import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.postgres.PostgresCatalog.Field;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Which rows are in a window that a column bounds, and where does the next one begin? The connection's transaction is that
 * of the rows, so that all is told of one snapshot.
 */
record PostgresWindow(Connection connection, ReadWindow window, Field field, String column) {
    /** The code of a window that cannot be had of this column; its dataset is skipped. */
    static final String NEEDS_WATERMARK = "needs_watermark";

    /**
     * What a window adds to a read.
     *
     * @param condition null: all rows are in the window
     * @param position the source's own, where it has to be asked for
     */
    record Bounds(@Nullable String condition, @Nullable String position) {
        static final Bounds NONE = new Bounds(null, null);
    }

    /** @param column an SQL expression for {@code field} */
    PostgresWindow {
        if (field.form().order() == PostgresOrder.NONE) {
            throw needsWatermark("The column " + window.column() + " is of the type "
                    + field.column().nativeType()
                    + ", whose values have no order in datasets. A dataset over a query can cast it to one that has.");
        }
    }

    static FailureException needsWatermark(String detail) {
        return new FailureException(new Failure.Conflict(NEEDS_WATERMARK, detail));
    }

    static FailureException noColumn(ReadWindow window) {
        return needsWatermark("The watermark column " + window.column() + " is not a column of this dataset.");
    }

    /** @param values a SELECT of the column's values, named w, as JDBC takes it */
    Bounds bounds(String values) throws SQLException {
        PostgresOrder order = field.form().order();
        String from = window.from();
        String condition = from == null || !order.bounds(from) ? null : condition(order, from);
        return new Bounds(condition, field.form().isEndless() ? highest(values) : null);
    }

    private String condition(PostgresOrder order, String from) throws SQLException {
        String bound = literal(order.inPostgres(from));
        String inside = order.atLeast(column, bound, isUtf8(order, bound));
        return window.nulls() ? inside + " OR " + column + " IS NULL" + order.lowest(column) : inside;
    }

    private String literal(String text) throws SQLException {
        if (text.indexOf('\0') >= 0) {
            throw unreadable("it holds the character 0", null);
        }
        return "'" + Utils.escapeLiteral(null, text, true) + "'";
    }

    /** Asks in the same breath whether the server can read the bound at all. */
    private boolean isUtf8(PostgresOrder order, String bound) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + bound + "::" + order.type()
                        + ", pg_catalog.current_setting('server_encoding') IN ('UTF8', 'SQL_ASCII')");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(2);
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("22")) {
                throw unreadable(PostgresFailures.said(e), e);
            }
            throw e;
        }
    }

    private FailureException unreadable(String why, @Nullable SQLException cause) {
        return new FailureException(
                new Failure.Conflict(
                        "bad_watermark",
                        "The position " + window.from() + " is none of the column " + window.column() + ": " + why
                                + "."),
                cause);
    }

    /** Of a decimal of any length, which is text in datasets. NaN and the infinities are no place to go on from. */
    private @Nullable String highest(String values) throws SQLException {
        String highest = "SELECT pg_catalog.max(w)::text FROM (" + values
                + ") AS q WHERE w::text NOT IN ('NaN', 'Infinity', '-Infinity')";
        try (PreparedStatement statement = connection.prepareStatement(highest);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
