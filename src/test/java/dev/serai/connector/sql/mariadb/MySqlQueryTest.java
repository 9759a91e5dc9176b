package dev.serai.connector.sql.mariadb;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.RowSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is asked of MariaDB is asked of a real MySQL, and more that only it shows. */
@Tag("full")
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MySqlQueryTest extends MariaQueryTest {
    private static final String DIGITS =
            "(VALUES ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8), ROW(9))";

    @Override
    MariaDb.Database another() {
        return MySql.database();
    }

    static String numbers(String what, int digits) {
        StringBuilder from = new StringBuilder(DIGITS + " AS t0 (n)");
        for (int i = 1; i < digits; i++) {
            from.append(", ").append(DIGITS).append(" AS t").append(i).append(" (n)");
        }
        return "SELECT " + what + " FROM " + from;
    }

    @Override
    String manyRows() {
        return numbers("t0.n", 5);
    }

    @Override
    String endless() {
        return numbers("sum(sin(t0.n + t8.n))", 9);
    }

    @Override
    String someValues() {
        return "VALUES ROW(1), ROW(2)";
    }

    @Test
    void keepsTheSessionButNothingThatWasSetInIt() {
        String session = ask("SELECT CONNECTION_ID()").values().get(0).get(0);
        ask("SELECT @a := 1, GET_LOCK('l', 0)");

        assertThat(ask("SELECT @a IS NULL, CONNECTION_ID(), IS_USED_LOCK('l') IS NULL, @@character_set_client")
                        .values())
                .containsExactly(List.of("1", session, "1", "utf8mb4"));
    }

    @Test
    void aStatementThatEndsAsIfDoneWhenItIsStoppedIsCancelledAllTheSame() {
        try (MariaDatabase other = MariaConfigs.open(database)) {
            RowSource slow = other.read(Map.of("query", "SELECT sleep(60), 1 AS one"));
            var reading = java.util.concurrent.CompletableFuture.supplyAsync(() -> Failures.of(() -> Rows.of(slow)));
            await().until(() -> sleeping() == 1);

            slow.close();

            assertThat(reading.join()).isInstanceOf(Failure.Cancelled.class);
            await().until(() -> sleeping() == 0);
        }
    }

    private long sleeping() {
        try (MariaDatabase admin = MariaConfigs.open(database, "username", "admin", "password", "admin")) {
            return Long.parseLong(Rows.of(admin.query(Map.of(
                            "sql",
                            "SELECT count(*) FROM performance_schema.processlist WHERE INFO LIKE 'SELECT sleep%'")))
                    .values()
                    .get(0)
                    .get(0));
        }
    }

    @Test
    void readsNativeJson() {
        database.execute(
                "CREATE TABLE documents (j json)",
                "INSERT INTO documents VALUES ('{\"b\": [1, null], \"a\": \"😀\"}')");

        assertThat(ask("SELECT j, JSON_EXTRACT(j, '$.b') FROM documents").values())
                .containsExactly(List.of("{\"a\": \"😀\", \"b\": [1, null]}", "[1, null]"));
        assertThat(ask("SELECT VECTOR_TO_STRING(TO_VECTOR('[1,2]'))").values())
                .containsExactly(List.of("[1.00000e+00,2.00000e+00]"));
    }
}
