package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Reads of tables that are emptied by TRUNCATE and filled again in one transaction: nobody ever sees them empty. */
class TruncatedTablesTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresDatabase CONNECTOR = PostgresConfigs.open(DATABASE);

    @BeforeAll
    static void create() {
        DATABASE.execute(
                "CREATE TABLE prices AS SELECT 'old' AS price",
                "CREATE VIEW shown AS TABLE prices",
                "CREATE TABLE parts (price text) PARTITION BY LIST (price)",
                "CREATE TABLE part PARTITION OF parts DEFAULT",
                "INSERT INTO parts VALUES ('old')");
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prices", "shown", "parts"})
    void aReadThatWaitsForThemSeesTheNewRows(String model) throws Exception {
        assertThat(readDuringTruncation(model, Map.of("model", Map.of("schema", "public", "name", model))))
                .containsExactly(List.of("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prices", "shown", "parts"})
    void aQueryThatWaitsForThemSeesTheNewRows(String model) throws Exception {
        assertThat(readDuringTruncation(model, Map.of("query", "SELECT price FROM " + model)))
                .containsExactly(List.of("new"));
    }

    @Test
    void whatCannotBeLockedIsReadAllTheSame() {
        DATABASE.execute("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS part");
        assertThat(Rows.of(CONNECTOR.read(Map.of("model", Map.of("schema", "public", "name", "kept"))))
                        .values())
                .containsExactly(List.of("1"));
    }

    private static List<List<String>> readDuringTruncation(String model, Map<String, Object> request) throws Exception {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            String table = model.equals("parts") ? "parts" : "prices";
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE " + table);
            CompletableFuture<Rows> read = CompletableFuture.supplyAsync(() -> Rows.of(CONNECTOR.read(request)));
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (Connection other = DATABASE.connect();
                        Statement asked = other.createStatement()) {
                    return asked.executeQuery("SELECT FROM pg_locks WHERE NOT granted")
                            .next();
                }
            });
            statement.execute("INSERT INTO " + table + " VALUES ('new')");
            connection.commit();
            return read.get().values();
        }
    }
}
