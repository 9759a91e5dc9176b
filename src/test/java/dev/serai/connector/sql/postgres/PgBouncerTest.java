package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.TestResult;
import dev.serai.connector.sql.Failures;
import dev.serai.connector.sql.PositionalParameters;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.testing.PgBouncer;
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A connector whose server stands behind a pooler, which lends a server's connection for one transaction at a time. */
@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PgBouncerTest {
    private static final Map<String, Object> MODEL = Map.of("model", Map.of("schema", "public", "name", "orders"));
    private static final Map<String, Object> SLOW =
            Map.of("query", "SELECT i, pg_sleep(60) FROM generate_series(1, 2) i");

    private final Postgres.Database server = Postgres.database();

    private void fill() {
        server.execute(
                "CREATE TABLE orders (id int, item text, at timestamptz)",
                "INSERT INTO orders SELECT i, 'item ' || i, '2026-01-02Z' FROM generate_series(1, 5000) i");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void servesEveryOperationOverAndOver(String mode) throws Exception {
        fill();
        try (PgBouncer bouncer = PgBouncer.before(server, mode, 4);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database(), "pool_size", 1);
                PostgresDatabase other = PostgresConfigs.open(bouncer.database(), "pool_size", 1)) {
            for (int i = 0; i < 8; i++) {
                everything(connector);
                everything(other);
            }
        }
    }

    private static void everything(PostgresDatabase connector) throws SQLException {
        TestResult test = connector.test();
        assertThat(test.ok()).as(test.toString()).isTrue();
        assertThat(connector.models(Map.of()).at("/items/0/name").asText()).isEqualTo("orders");
        assertThat(connector.schema(MODEL).path("columns")).hasSize(3);
        assertThat(Rows.of(connector.read(MODEL)).values()).hasSize(5000);
        Rows asked = ask(connector, "SELECT * FROM orders WHERE id > $1 ORDER BY id", List.of("4000"));
        assertThat(asked.values()).hasSize(1000);
        assertThat(asked.values().get(0)).containsExactly("4001", "item 4001", "2026-01-02 00:00:00+00");
    }

    /** As camel-jdbc does in the Kamelet. */
    private static Rows ask(PostgresDatabase connector, String sql, List<String> parameters) throws SQLException {
        PostgresQuestion question = connector.question(Map.of("sql", sql, "params", parameters));
        try (Connection connection = connector.getConnection();
                PreparedStatement statement = connection.prepareStatement(question.sql())) {
            new PositionalParameters()
                    .populateStatement(statement, question.parameters().iterator(), 0);
            statement.setFetchSize(50);
            try (ResultSet result = statement.executeQuery()) {
                List<Map<String, Object>> rows = new ArrayList<>();
                while (result.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.put("c" + i, result.getObject(i));
                    }
                    rows.add(row);
                }
                Iterator<Map<String, Object>> all = rows.iterator();
                return Rows.of(connector.answer(question, all));
            }
        }
    }

    @Test
    void tellsPositionsAndRowsOfOneSnapshot() throws Exception {
        fill();
        server.execute("ALTER TABLE orders ADD COLUMN n numeric", "UPDATE orders SET n = id");
        Map<String, Object> byNumber =
                Map.of("model", MODEL.get("model"), "window", Map.of("column", "n", "nulls", true));
        Map<String, Object> byTransaction =
                Map.of("model", MODEL.get("model"), "window", Map.of("column", "xmin", "nulls", true));
        try (PgBouncer bouncer = PgBouncer.before(server, "transaction", 3);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database())) {
            BatchSource numbers = (BatchSource) connector.read(byNumber);
            BatchSource transactions = (BatchSource) connector.read(byTransaction);
            server.execute("INSERT INTO orders VALUES (5001, 'later', now(), 5001)");

            assertThat(numbers.position()).contains("5000");
            assertThat(Rows.of(numbers).values()).hasSize(5000);
            String position = transactions.position().orElseThrow();
            assertThat(Rows.of(transactions).values()).hasSize(5000);
            assertThat(Rows.of(connector.read(Map.of(
                                    "model",
                                    MODEL.get("model"),
                                    "columns",
                                    List.of("id"),
                                    "window",
                                    Map.of("column", "xmin", "from", position, "nulls", true))))
                            .values())
                    .containsExactly(List.of("5001"));
        }
    }

    @Test
    void servesManyAtATimeOnFewConnections() throws Exception {
        fill();
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try (PgBouncer bouncer = PgBouncer.before(server, "transaction", 2);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database(), "pool_size", 4)) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 18; i++) {
                calls.add(() -> {
                    everything(connector);
                    return true;
                });
            }
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void leavesTheSharedConnectionAsItWas() throws Exception {
        fill();
        try (PgBouncer bouncer = PgBouncer.before(server, "transaction", 1);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database())) {
            everything(connector);
            assertThatThrownBy(() -> ask(connector, "SELECT 1 / (id - 100) FROM orders ORDER BY id", List.of()))
                    .hasMessageContaining("division by zero");
            neighbour(bouncer);

            connector.read(SLOW).close();
            neighbour(bouncer);
        }
    }

    private void neighbour(PgBouncer bouncer) throws SQLException {
        Postgres.Database database = bouncer.database();
        try (Connection connection = DriverManager.getConnection(
                        database.url() + "?prepareThreshold=0", database.username(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS written (id int)");
            statement.execute("INSERT INTO written VALUES (1)");
            try (ResultSet left = statement.executeQuery(
                    """
                    SELECT current_setting('default_transaction_read_only'), current_setting('statement_timeout'),
                           current_setting('IntervalStyle'), (SELECT count(*) FROM pg_prepared_statements),
                           (SELECT count(*) FROM pg_cursors WHERE name <> '')
                    """)) {
                left.next();
                assertThat(left.getString(1)).isEqualTo("off");
                assertThat(left.getString(2)).isEqualTo("0");
                assertThat(left.getString(3)).isEqualTo("postgres");
                assertThat(left.getInt(4)).isZero();
                assertThat(left.getInt(5)).isZero();
            }
        }
    }

    @Test
    void aCancelReachesTheStatementThatIsMeantAndNoOther() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try (PgBouncer bouncer = PgBouncer.before(server, "transaction", 3);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database());
                PostgresDatabase other = PostgresConfigs.open(bouncer.database())) {
            Future<Rows> waits = callers.submit(
                    () -> Rows.of(other.read(Map.of("query", "SELECT 7 AS seven, pg_sleep(1) AS slept"))));
            await().until(() -> running("%pg_sleep%") == 1);
            BatchSource rows = (BatchSource) connector.read(SLOW);
            Future<Failure> stopped = callers.submit(() -> Failures.of(() -> Rows.of(rows)));
            await().until(() -> running("%generate_series%") == 1);

            rows.close();

            assertThat(stopped.get()).isInstanceOf(Failure.Cancelled.class);
            await().until(() -> running("%generate_series%") == 0);
            assertThat(waits.get().values()).hasSize(1);
            assertThat(connector.models(Map.of()).path("items")).isEmpty();
        } finally {
            callers.shutdownNow();
        }
    }

    private int running(String query) throws SQLException {
        try (Connection connection = server.connectAsSuperuser();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = ? AND state = 'active' AND query LIKE ?")) {
            statement.setString(1, server.username());
            statement.setString(2, query);
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getInt(1);
            }
        }
    }

    @Test
    void aPoolerThatKnowsNoTransactionsIsRefusedWithTheReason() throws IOException {
        try (PgBouncer bouncer = PgBouncer.before(server, "statement", 2);
                PostgresDatabase connector = PostgresConfigs.open(bouncer.database())) {
            TestResult test = connector.test();
            assertThat(test.ok()).isFalse();
            assertThat(test.error()).contains("pool mode").contains("transaction");

            Failure failure = Failures.of(() -> connector.models(Map.of()));
            assertThat(failure.code()).isEqualTo("no_transactions");
            assertThat(failure.retryable()).isFalse();
            assertThat(Failures.of(() -> connector.read(SLOW)).code()).isEqualTo("no_transactions");
        }
    }
}
