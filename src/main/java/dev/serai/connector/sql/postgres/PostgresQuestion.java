package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.connector.sql.postgres.PostgresCatalog.Field;
import dev.serai.connector.sql.postgres.PostgresWindow.Bounds;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;

/**
 * A person's statement, made ready to be run: the server has parsed it and told its columns.
 *
 * @param pointer the input that holds it, for messages
 * @param sql what is run: where it can be, the statement inside one that fixes the form of each value and the limit
 * @param offset where the person's text begins in {@code sql}, in characters
 * @param parameters one for each {@code ?}; null is NULL
 * @param limit the most rows to answer with
 */
public record PostgresQuestion(
        PostgresStatement statement,
        String pointer,
        String sql,
        int offset,
        List<@Nullable String> parameters,
        List<Field> fields,
        long limit) {

    /** For the driver, whose values {@link PostgresAnswer} takes. */
    static PostgresQuestion fetched(
            Connection connection,
            PostgresStatement statement,
            String pointer,
            List<@Nullable String> values,
            long limit) {
        List<@Nullable String> parameters = new ArrayList<>();
        statement.parameters().forEach(number -> parameters.add(values.get(number - 1)));
        PostgresQuestion question = described(connection, statement, pointer, parameters, limit);
        return statement.isRelation()
                ? question.inside("", statement.jdbc(), PostgresTypes.Form::fetched, "", "")
                : question;
    }

    /**
     * For COPY, which knows no parameters.
     *
     * @param condition on the columns c1, c2, …; null for all rows
     */
    PostgresQuestion copied(@Nullable String condition) {
        return inside(
                "COPY (",
                statement.text(),
                PostgresTypes.Form::copied,
                where(condition),
                ") TO STDOUT (FORMAT binary)");
    }

    /** The same for a cursor, which is where the driver's own parser sees it. */
    PostgresQuestion declared(@Nullable String condition) {
        return inside(
                CursorRows.DECLARE,
                statement.jdbc(),
                PostgresTypes.Form::copied,
                condition == null ? "" : where(PostgresScan.of(condition).jdbc()),
                "");
    }

    private static String where(@Nullable String condition) {
        return condition == null ? "" : " WHERE " + condition;
    }

    /** What a window of the rows adds to {@link #copied} and {@link #declared}. */
    Bounds bounds(Connection connection, @Nullable ReadWindow window) throws SQLException {
        if (window == null) {
            return Bounds.NONE;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).column().name().equals(window.column())) {
                String column = name(i);
                String values = inside("", statement.jdbc(), (form, name) -> name, "", "")
                        .sql();
                return new PostgresWindow(connection, window, fields.get(i), column)
                        .bounds("SELECT " + column + " AS w FROM (" + values + ") AS r");
            }
        }
        throw PostgresWindow.noColumn(window);
    }

    private static String name(int field) {
        return "c" + (field + 1);
    }

    /** What the server says of a statement, which is to be made ready yet. */
    static PostgresQuestion described(
            Connection connection,
            PostgresStatement statement,
            String pointer,
            List<@Nullable String> parameters,
            long limit) {
        var question = new PostgresQuestion(
                statement, pointer, statement.jdbc(), 0, Collections.unmodifiableList(parameters), List.of(), limit);
        try (PreparedStatement prepared = connection.prepareStatement(statement.jdbc())) {
            ResultSetMetaData columns = prepared.getMetaData();
            if (columns == null) {
                throw PostgresStatement.notReadOnly(pointer);
            }
            if (columns.getColumnCount() == 0) {
                throw new FailureException(Failure.Invalid.of(pointer, "must answer with at least one column"));
            }
            return question.with(statement.jdbc(), 0, fields(columns));
        } catch (SQLException e) {
            throw new FailureException(question.failure(e), e);
        }
    }

    private static List<Field> fields(ResultSetMetaData columns) throws SQLException {
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String type = columns.getColumnTypeName(i);
            int precision = columns.getPrecision(i);
            int scale = type.equals("numeric") ? PostgresTypes.scale(columns.getScale(i)) : 0;
            PostgresTypes.Form form = PostgresTypes.of(type, precision, scale);
            String nativeType =
                    type.equals("numeric") && precision > 0 ? type + "(" + precision + "," + scale + ")" : type;
            fields.add(new Field(
                    new Column(
                            columns.getColumnLabel(i), form.type(), nativeType, true, false, form.watermarkCandidate()),
                    form));
        }
        return fields;
    }

    /** The names c1, c2, … keep columns apart that the statement names alike. */
    private PostgresQuestion inside(
            String before,
            String text,
            BiFunction<PostgresTypes.Form, String, String> form,
            String where,
            String after) {
        StringJoiner names = new StringJoiner(", ");
        StringJoiner expressions = new StringJoiner(", ");
        for (int i = 0; i < fields.size(); i++) {
            String name = name(i);
            names.add(name);
            expressions.add(form.apply(fields.get(i).form(), name) + " AS " + name);
        }
        String head = before + "SELECT " + expressions + " FROM (\n";
        String most = limit == Long.MAX_VALUE ? "" : " LIMIT " + limit;
        return with(head + text + "\n) AS q (" + names + ")" + where + most + after, head.length(), fields);
    }

    private PostgresQuestion with(String newSql, int newOffset, List<Field> newFields) {
        return new PostgresQuestion(statement, pointer, newSql, newOffset, parameters, newFields, limit);
    }

    List<Column> columns() {
        return fields.stream().map(Field::column).toList();
    }

    /** Whether the driver refused to hold what the server sent: it says so with the state of any broken connection. */
    private static boolean overflows(SQLException e) {
        return SqlFailures.firstLine(e).contains("maxResultBuffer");
    }

    /** What an error in running it means: where the statement itself is at fault, the place in the person's text. */
    Failure failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        var server = e instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        if (state.equals("25006")
                || (state.equals("0A000") && statement.keyword().equals("WITH"))) {
            return PostgresStatement.notReadOnly(pointer).failure();
        }
        if (server == null && (state.equals("53200") || overflows(e))) {
            return PostgresAnswer.tooLarge();
        }
        boolean statementAtFault =
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "0A", "21", "22", "34", "3F", "42", "54" -> !state.equals("42501");
                    default -> false;
                };
        if (!statementAtFault) {
            return PostgresFailures.of(e);
        }
        Integer position = server == null ? null : statement.position(server.getPosition() - offset);
        return new Failure.Unreadable("bad_sql", PostgresFailures.said(e), position);
    }
}
