package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.StreamedResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.JdbcSource;
import dev.serai.rows.RowSource;

/**
 * A person's statement and the values for its question marks.
 *
 * @param pointer the input that holds it, for messages
 * @param limit the most rows to answer with
 */
record MariaQuestion(MariaStatement statement, String pointer, List<JsonNode> values, long limit) {
    private static final String UNKNOWN_TYPE =
            "must not give a column of a type that the driver does not know, such as MySQL's VECTOR;"
                    + " VECTOR_TO_STRING(…) makes it a text and CAST(… AS BINARY) bytes";

    static MariaQuestion of(JsonNode request, long defaultLimit) {
        String pointer = request.hasNonNull("query") && !request.hasNonNull("sql") ? "/query" : "/sql";
        MariaStatement statement = MariaStatement.parse(request.at(pointer).asText(""), pointer);
        List<JsonNode> values = new ArrayList<>();
        request.path("params").forEach(values::add);
        return new MariaQuestion(
                statement, pointer, values, request.path("limit").asLong(defaultLimit));
    }

    /** Runs it; its rows come in its own order. */
    RowSource now(ConnectionPool.Lease lease) {
        PreparedStatement prepared = prepared(lease);
        try {
            var result = StreamedResult.begun(lease, held -> prepared.executeQuery(), this::failure);
            // Of some statements, such as EXPLAIN, MySQL tells the columns only now.
            return JdbcSource.ordered(fields(result.open().getMetaData()), limit, result);
        } catch (SQLException e) {
            throw new FailureException(failure(e), e);
        }
    }

    /** Runs it when its rows are asked for. */
    RowSource later(ConnectionPool.Lease lease) {
        PreparedStatement prepared = prepared(lease);
        try {
            var result = StreamedResult.lazy(lease, held -> prepared.executeQuery(), this::failure);
            return limit == Long.MAX_VALUE
                    ? JdbcSource.bulk(fields(prepared.getMetaData()), -1, result)
                    : JdbcSource.ordered(fields(prepared.getMetaData()), limit, result);
        } catch (SQLException e) {
            throw new FailureException(failure(e), e);
        }
    }

    private PreparedStatement prepared(ConnectionPool.Lease lease) {
        try {
            Connection connection = MariaVendor.driver(lease);
            if (limit != Long.MAX_VALUE && statement.isRelation()) {
                try (Statement set = connection.createStatement()) {
                    set.execute("SET SESSION sql_select_limit = " + limit);
                }
            }
            PreparedStatement prepared = streamed(connection, statement.text());
            int wanted = prepared.getParameterMetaData().getParameterCount();
            if (wanted != values.size()) {
                throw new FailureException(Failure.Invalid.of(
                        pointer.equals("/query") && values.isEmpty() ? pointer : "/params",
                        "must have " + wanted + " values for the statement's parameters, not " + values.size()));
            }
            for (int i = 0; i < wanted; i++) {
                set(prepared, i + 1, values.get(i));
            }
            if (prepared.getMetaData() == null) {
                throw MariaStatement.notReadOnly(pointer);
            }
            return prepared;
        } catch (SQLException e) {
            throw new FailureException(failure(e), e);
        } catch (FailureException e) {
            throw e;
        } catch (RuntimeException e) {
            // The driver stopped in the midst of what the server says of the columns.
            lease.discard();
            throw new FailureException(Failure.Invalid.of(pointer, UNKNOWN_TYPE), e);
        }
    }

    /** Each value as what it is in JSON: a number compared as text would lose digits. */
    private static void set(PreparedStatement prepared, int index, JsonNode value) throws SQLException {
        if (value.isNull()) {
            prepared.setNull(index, Types.VARCHAR);
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            prepared.setLong(index, value.longValue());
        } else if (value.isNumber()) {
            prepared.setBigDecimal(index, value.decimalValue());
        } else if (value.isBoolean()) {
            prepared.setBoolean(index, value.booleanValue());
        } else {
            prepared.setString(index, value.isTextual() ? value.textValue() : value.toString());
        }
    }

    private static List<JdbcSource.Field> fields(ResultSetMetaData columns) throws SQLException {
        List<JdbcSource.Field> fields = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String declared = columns.getColumnTypeName(i).toLowerCase(Locale.ROOT);
            int precision = columns.getPrecision(i);
            int scale = columns.getScale(i);
            MariaTypes.Form form = MariaTypes.of(declared, declared, precision, scale);
            String nativeType =
                    declared.startsWith("decimal") ? declared + "(" + precision + "," + scale + ")" : declared;
            fields.add(new JdbcSource.Field(
                    new Column(
                            columns.getColumnLabel(i), form.type(), nativeType, true, false, form.watermarkCandidate()),
                    form.form()));
        }
        return fields;
    }

    /** Runs a statement of ours whose rows are not held by the driver. */
    static ResultSet stream(ConnectionPool.Lease lease, String sql) throws SQLException {
        return streamed(MariaVendor.driver(lease), sql).executeQuery();
    }

    /** A row at a time comes from the socket's buffer; more at once would only be held. */
    private static PreparedStatement streamed(Connection connection, String sql) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(sql);
        prepared.setFetchSize(1);
        return prepared;
    }

    static String quoted(String identifier) {
        return MariaVendor.DESCRIPTION.quoted(identifier);
    }

    /** What an error in running it means: where the statement itself is at fault, the place in the person's text. */
    private Failure failure(SQLException e) {
        Failure failure = MariaFailures.of(e);
        return switch (failure.code()) {
            case "not_read_only" -> MariaStatement.notReadOnly(pointer).failure();
            case MariaFailures.REFUSED, "model_missing", "column_missing", "database_missing" ->
                new Failure.Unreadable(
                        "bad_sql", MariaFailures.said(e), statement.position(String.valueOf(e.getMessage())));
            default -> failure;
        };
    }
}
