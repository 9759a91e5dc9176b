package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Reads of tables that are emptied by TRUNCATE and filled again in one transaction: nobody ever sees them empty. */
class TruncatedTablesTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresDatabase CONNECTOR = PostgresConfigs.open(DATABASE);

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @Test
    void aReadThatWaitsForThemSeesTheNewRows() throws Exception {
        DATABASE.execute("CREATE TABLE prices AS SELECT 'old' AS price", "CREATE VIEW shown AS TABLE prices");
        for (String model : List.of("prices", "shown")) {
            assertThat(readDuringTruncation(Map.of("model", Map.of("schema", "public", "name", model))))
                    .as(model)
                    .containsExactly(List.of("new"));
        }
    }

    @Test
    void whatCannotBeLockedIsReadAllTheSame() {
        DATABASE.execute("CREATE TABLE parts AS SELECT 1 AS part", "CREATE MATERIALIZED VIEW kept AS TABLE parts");
        assertThat(Rows.of(CONNECTOR.read(Map.of("model", Map.of("schema", "public", "name", "kept"))))
                        .values())
                .containsExactly(List.of("1"));
    }

    private static List<List<String>> readDuringTruncation(Map<String, Object> request) throws Exception {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE prices");
            CompletableFuture<Rows> read = CompletableFuture.supplyAsync(() -> Rows.of(CONNECTOR.read(request)));
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (Connection other = DATABASE.connect();
                        Statement asked = other.createStatement()) {
                    return asked.executeQuery("SELECT FROM pg_locks WHERE NOT granted")
                            .next();
                }
            });
            statement.execute("INSERT INTO prices VALUES ('new')");
            connection.commit();
            return read.get().values();
        }
    }
}
