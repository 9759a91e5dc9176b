package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.RequestFields;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;

/**
 * One connector's PostgreSQL database: the bean that the Kamelet's template makes and its steps call.
 */
public class PostgresDatabase extends SqlDatabase {
    private final CopyRefusals refusals = new CopyRefusals();

    /** Dials nobody. */
    public PostgresDatabase(Map<String, Object> config, EgressPolicy egress) {
        super(new PostgresVendor(), config, egress);
    }

    /**
     * {@code {model: {schema, name} | query, columns, filter, limit, window: {column, from, nulls}, parallelism}} →
     * rows by COPY, or through a cursor where it is refused.
     */
    public RowSource read(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        if (!request.hasNonNull("query") && !request.at("/model/name").isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        PostgresRead read = new PostgresRead(
                RequestFields.text(request.path("model"), "schema"),
                RequestFields.text(request.path("model"), "name"),
                RequestFields.text(request, "query"),
                RequestFields.texts(request.path("columns")),
                RequestFields.text(request, "filter"),
                request.path("limit").asLong(Long.MAX_VALUE),
                ReadWindow.of(request),
                RequestFields.parallelism(request));
        return opened(LONGEST_READ, lease -> read.open(lease, refusals));
    }

    /**
     * {@code {sql | query, params, limit}} → what camel-jdbc is to run. Parameters are written {@code $1}, {@code $2}, …;
     * each value goes as text whose type the server infers from its place, so that {@code $1::numeric} says it exactly.
     */
    public PostgresQuestion question(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        String pointer = request.hasNonNull("query") && !request.hasNonNull("sql") ? "/query" : "/sql";
        String sql = request.at(pointer).asText("");
        PostgresStatement statement = PostgresStatement.parse(sql, pointer);
        List<@Nullable String> values = new ArrayList<>();
        request.path("params").forEach(value -> values.add(parameter(value)));
        if (values.size() != statement.parameterCount()) {
            throw new FailureException(Failure.Invalid.of(
                    "/params",
                    "must have " + statement.parameterCount() + " values for the statement's parameters, not "
                            + values.size()));
        }
        if (values.stream().anyMatch(value -> value != null && value.indexOf('\0') >= 0)) {
            throw new FailureException(Failure.Invalid.of("/params", "must not hold the character 0"));
        }
        long limit = request.path("limit").asLong(DEFAULT_LIMIT);
        return asked(connection -> PostgresQuestion.fetched(connection, statement, pointer, values, limit));
    }

    /** What camel-jdbc found, as rows. */
    public RowSource answer(PostgresQuestion question, Iterator<Map<String, Object>> rows) {
        return PostgresAnswer.of(question, rows);
    }

    /** Tells what camel-jdbc's failure means. */
    public void refuse(PostgresQuestion question, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                throw new FailureException(question.failure(e), e);
            }
        }
        throw new IllegalStateException(failure);
    }

    private static @Nullable String parameter(JsonNode value) {
        return value.isNull() ? null : value.isValueNode() ? value.asText() : value.toString();
    }
}
