package dev.serai.query;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Whether a text is one SELECT over known kinds of things, and which tables it names. DuckDB itself parses it, in an
 * instance that can reach nothing and executes nothing of the text.
 */
final class SqlReader implements AutoCloseable {
    /** Levels of the tree's JSON; an operator takes three. {@link QueryProgram} has a stack for them. */
    private static final int DEEPEST_TREE = 1000;

    /** Characters of the tree's JSON; it is many times as long as the SQL. */
    private static final int LARGEST_TREE = 8_000_000;

    private static final String PARSE = "SELECT CASE WHEN length(tree) <= " + LARGEST_TREE + " THEN tree END FROM"
            + " (SELECT json_serialize_sql(?::VARCHAR, skip_null := true, skip_empty := true) AS tree)";
    private static final String PRINT = "SELECT json_deserialize_sql(?::JSON)";

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_TREE)
                            .build())
                    .build())
            .build();
    private final Connection connection;

    SqlReader() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET threads = 1; SET memory_limit = '256MiB'; SET temp_directory = '';"
                        + " SET enable_external_access = false; SET lock_configuration = true");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot start", e);
        }
    }

    /** Reads a statement or fails with what is wrong and where. */
    ParsedSql read(String sql) {
        if (sql.indexOf('\0') >= 0) {
            throw unreadable(
                    "syntax_error", "The SQL contains a NUL character.", new SqlPositions(sql, 0).ofText('\0'));
        }
        SqlNesting.check(sql);
        JsonNode answer = parse(sql);
        SqlPositions positions = new SqlPositions(sql, 0);
        if (answer.path("error").asBoolean()) {
            throw refused(answer, positions);
        }
        JsonNode statements = answer.path("statements");
        if (statements.size() != 1) {
            throw unreadable(
                    statements.isEmpty() ? "empty_sql" : "many_statements",
                    "Exactly one SELECT statement is needed, not " + statements.size() + ".",
                    null);
        }
        SqlWalk walk = new SqlWalk(positions);
        walk.statement(statements.get(0));
        return new ParsedSql(sql, answer.toString(), walk.tables(), walk.parameters());
    }

    /** The same statement as DuckDB would write it: without comments or a semicolon. */
    String print(ParsedSql parsed) throws SQLException {
        return Objects.requireNonNull(call(PRINT, parsed.tree()));
    }

    /** Whether the text is one statement that DuckDB's parser accepts. */
    boolean isOneStatement(String sql) {
        JsonNode answer = parse(sql);
        return !answer.path("error").asBoolean() && answer.path("statements").size() == 1;
    }

    private JsonNode parse(String sql) {
        try {
            String tree = call(PARSE, sql);
            if (tree == null) {
                throw tooComplex(null);
            }
            return json.readTree(tree);
        } catch (IOException | SQLException e) {
            throw tooComplex(e);
        }
    }

    private @Nullable String call(String statement, String argument) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.setString(1, argument);
            try (ResultSet result = prepared.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static FailureException tooComplex(@Nullable Throwable cause) {
        return new FailureException(
                new Failure.Unreadable("sql_too_complex", "The SQL is nested too deep or too long.", null), cause);
    }

    private static FailureException refused(JsonNode answer, SqlPositions positions) {
        if (answer.path("error_type").asText().equals("not implemented")) {
            return unreadable("not_a_select", "Only a SELECT statement can be run here.", null);
        }
        String message = answer.path("error_message").asText("syntax error");
        if (message.startsWith("Max expression depth limit")) {
            throw tooComplex(null);
        }
        return unreadable("syntax_error", message, positions.of(answer.path("position")));
    }

    private static FailureException unreadable(String code, String detail, @Nullable Integer position) {
        return new FailureException(new Failure.Unreadable(code, detail, position));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
