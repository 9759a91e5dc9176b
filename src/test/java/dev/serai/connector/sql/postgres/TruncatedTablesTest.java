package dev.serai.connector.sql.postgres;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Reads of tables that are emptied by TRUNCATE and filled again in one transaction: nobody ever sees them empty. */
class TruncatedTablesTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresDatabase CONNECTOR = PostgresConfigs.open(DATABASE);
    private static final PostgresDatabase SOME_COLUMNS = PostgresConfigs.open(new Postgres.Database(
            DATABASE.host(), DATABASE.port(), DATABASE.name(), "reads_some_columns", DATABASE.password()));

    @BeforeAll
    static void create() {
        DATABASE.execute(
                "CREATE TABLE prices AS SELECT 'old' AS price",
                "CREATE VIEW shown AS TABLE prices",
                "CREATE TABLE parts (price text) PARTITION BY LIST (price)",
                "CREATE TABLE part PARTITION OF parts DEFAULT",
                "INSERT INTO parts VALUES ('old')");
        DATABASE.executeAsSuperuser(
                "CREATE ROLE reads_some_columns LOGIN PASSWORD '" + DATABASE.password() + "'",
                "GRANT SELECT (price) ON prices, parts TO reads_some_columns");
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
        SOME_COLUMNS.close();
        DATABASE.executeAsSuperuser("DROP OWNED BY reads_some_columns", "DROP ROLE reads_some_columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prices", "shown", "parts"})
    void aReadThatWaitsForThemSeesTheNewRows(String model) throws Exception {
        assertThat(readDuringTruncation(CONNECTOR, table(model), model(model))).containsExactly(List.of("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prices", "shown", "parts"})
    void aQueryThatWaitsForThemSeesTheNewRows(String model) throws Exception {
        assertThat(readDuringTruncation(CONNECTOR, table(model), Map.of("query", "SELECT price FROM " + model)))
                .containsExactly(List.of("new"));
    }

    @ParameterizedTest
    @CsvSource({"prices, prices", "parts, parts", "part, parts"})
    void aUserWhoMayReadSomeColumnsOnlySeesTheNewRowsToo(String truncated, String model) throws Exception {
        assertThat(readDuringTruncation(SOME_COLUMNS, truncated, model(model))).containsExactly(List.of("new"));
    }

    @Test
    void aTableThatIsNotGivenFreeInTimeIsNotReadWithoutItsLock() throws Exception {
        Postgres.Database impatient = Postgres.database();
        impatient.execute(
                "ALTER DATABASE " + impatient.name() + " SET lock_timeout = '300ms'",
                "CREATE TABLE prices AS SELECT 'old' AS price");
        try (PostgresDatabase connector = PostgresConfigs.open(impatient);
                Connection connection = impatient.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE prices");
            for (Map<String, Object> request :
                    List.of(model("prices"), Map.<String, Object>of("query", "TABLE prices"))) {
                assertThatThrownBy(() -> connector.read(request))
                        .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                                .isEqualTo(new Failure.Source(
                                        Failure.Layer.READ,
                                        "locked",
                                        "The source holds a lock on what was asked for.",
                                        true)));
            }
            connection.rollback();
            assertThat(Rows.of(connector.read(model("prices"))).values()).containsExactly(List.of("old"));
        }
    }

    @Test
    void whatCannotBeLockedIsReadAllTheSame() {
        DATABASE.execute("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS part");
        assertThat(Rows.of(CONNECTOR.read(model("kept"))).values()).containsExactly(List.of("1"));
    }

    private static Map<String, Object> model(String name) {
        return Map.of("model", Map.of("schema", "public", "name", name));
    }

    private static String table(String model) {
        return model.equals("parts") ? "parts" : "prices";
    }

    private static List<List<String>> readDuringTruncation(
            PostgresDatabase connector, String table, Map<String, Object> request) throws Exception {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE " + table);
            CompletableFuture<Rows> read = CompletableFuture.supplyAsync(() -> Rows.of(connector.read(request)));
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
