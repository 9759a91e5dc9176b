package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;

/**
 * One connector's PostgreSQL database: the bean that the Kamelet's template makes and its steps call. As a
 * {@link javax.sql.DataSource} it lends connections for one request each.
 */
public class PostgresDatabase extends AbstractDataSource implements AutoCloseable {
    /** A bulk read ends by its own; this is for a server whose client is gone and does not notice. */
    private static final Duration LONGEST_READ = Duration.ofHours(24);

    private static final int PORT = 5432;
    private static final int DEFAULT_LIMIT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PostgresVendor vendor = new PostgresVendor();
    private final SqlSettings settings;
    private final Dialer dialer;
    private final ConnectionPool pool;
    private final CopyRefusals refusals = new CopyRefusals();

    /** Dials nobody. */
    public PostgresDatabase(Map<String, Object> config, EgressPolicy egress) {
        settings = SqlSettings.of(config, PORT);
        dialer = new Dialer(egress, settings);
        pool = new ConnectionPool(vendor, settings, dialer);
    }

    /** Tries the way to the database step by step, on a connection of its own. */
    public TestResult test() {
        return new PostgresProbe(settings, vendor, dialer).run();
    }

    /** {@code {schemas, search, limit, cursor}} → {@code {items, next_cursor}}. */
    public ObjectNode models(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.models(new PostgresCatalog(connection)::models));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.schema((schema, name) -> new PostgresCatalog(connection)
                .describe(schema, name)
                .map(description -> description.fields().stream()
                        .map(PostgresCatalog.Field::column)
                        .toList())));
    }

    /**
     * {@code {model: {schema, name} | query, columns, filter, limit, window: {column, from, nulls}}} → rows by COPY, or through
     * a cursor where it is refused.
     */
    public RowSource read(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        if (!request.hasNonNull("query") && !request.at("/model/name").isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        PostgresRead read = new PostgresRead(
                text(request.path("model"), "schema"),
                text(request.path("model"), "name"),
                text(request, "query"),
                texts(request.path("columns")),
                text(request, "filter"),
                request.path("limit").asLong(Long.MAX_VALUE),
                ReadWindow.of(request));
        ConnectionPool.Lease lease = lease(LONGEST_READ);
        try {
            return read.open(lease, refusals);
        } catch (SQLException e) {
            lease.close();
            throw new FailureException(vendor.failure(e), e);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
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

    /** For one request; closing it rolls back and resets the session. */
    @Override
    public Connection getConnection() throws SQLException {
        return pool.lease(settings.readTimeout());
    }

    /** Always as the connector's user. */
    @Override
    public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
        return getConnection();
    }

    @Override
    public void close() {
        pool.close();
        dialer.close();
    }

    private interface Ask<T> {
        T of(Connection connection) throws SQLException;
    }

    private <T> T asked(Ask<T> ask) {
        try (ConnectionPool.Lease lease = lease(settings.readTimeout())) {
            return ask.of(lease);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    private ConnectionPool.Lease lease(Duration timeout) {
        try {
            return pool.lease(timeout);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    private static @Nullable String parameter(JsonNode value) {
        return value.isNull() ? null : value.isValueNode() ? value.asText() : value.toString();
    }

    static @Nullable String text(JsonNode request, String name) {
        return request.hasNonNull(name) ? request.path(name).asText() : null;
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
