package dev.serai.connector.sql.mariadb;

import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MariaQueryTest {
    private static final TimeZone ZONE = TimeZone.getDefault();

    final MariaDb.Database database = another();
    /** One connection, so that what one request leaves behind would meet the next. */
    final MariaDatabase connector =
            MariaConfigs.open(database, "pool_size", 1, "max_overflow", 0, "connect_timeout", 2);

    /** A new database of the server that is asked. */
    MariaDb.Database another() {
        return MariaDb.database();
    }

    @BeforeAll
    void create() {
        // Where the night of 2026-03-29 has no half past two.
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        database.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (1), (3), (2)");
        database.executeAsAdmin("GRANT FILE ON *.* TO " + database.username());
    }

    @AfterAll
    void close() {
        connector.close();
        TimeZone.setDefault(ZONE);
    }

    /** Gives some ten thousand rows. */
    String manyRows() {
        return "SELECT seq FROM seq_1_to_100000";
    }

    /** Is busy for minutes. */
    String endless() {
        return "SELECT sum(sin(seq)) FROM seq_1_to_1000000000";
    }

    String someValues() {
        return "VALUES (1), (2)";
    }

    Rows ask(String sql) {
        return Rows.of(connector.query(Map.of("sql", sql)));
    }

    @Test
    void givesTimesAsTheServerHasThem() {
        database.inMode("ALLOW_INVALID_DATES")
                .execute(
                        "CREATE TABLE times (n int, d date, t datetime(3), z timestamp(6) NULL, l time(2), a int)",
                        "INSERT INTO times VALUES (1, '2024-00-10', '2026-03-29 02:30:00.001', '2026-03-29 02:30:00', '-100:00:00.5', 7),"
                                + "(2, '0000-00-00', '2024-02-31 10:00:00', '0000-00-00', '838:59:59', 8), (3, NULL, NULL, NULL, NULL, 9)");
        List<List<String>> expected = List.of(
                java.util.Arrays.asList(
                        "1", null, "2026-03-29 02:30:00.001", "2026-03-28 21:00:00+00", "-100:00:00.50", "7"),
                java.util.Arrays.asList("2", null, null, null, "838:59:59.00", "8"),
                java.util.Arrays.asList("3", null, null, null, null, "9"));

        assertThat(ask("SELECT * FROM times ORDER BY n").values()).isEqualTo(expected);
        assertThat(Rows.of(connector.read(MariaConfigs.model(database, "times")))
                        .values())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void keepsTheOrderAndTheLimit() {
        assertThat(ask("SELECT id FROM kept ORDER BY id").values())
                .containsExactly(List.of("1"), List.of("2"), List.of("3"));
        assertThat(Rows.of(connector.query(Map.of("sql", "SELECT id FROM kept ORDER BY id DESC LIMIT 9", "limit", 2)))
                        .values())
                .containsExactly(List.of("3"), List.of("2"));
        assertThat(ask("SELECT id FROM kept").values())
                .as("the next one's limit")
                .hasSize(3);
    }

    @Test
    void comparesNumbersAsNumbers() {
        Map<String, Object> request = Map.of(
                "sql",
                "SELECT ? = 9007199254740993, ? = 0.1, ? IS NULL, ? = 'é', ? = 1",
                "params",
                java.util.Arrays.asList(9007199254740993L, new java.math.BigDecimal("0.1"), null, "é", true));

        assertThat(Rows.of(connector.query(request)).values()).containsExactly(List.of("1", "1", "1", "1", "1"));
    }

    @Test
    void leavesNothingBehindForTheNextRequest() {
        ask("SELECT @mine := 7, GET_LOCK('mine', 0)");

        assertThat(ask("SELECT @mine IS NULL, @@time_zone, IS_FREE_LOCK('mine')")
                        .values())
                .containsExactly(List.of("1", "+00:00", "1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM kept",
                "INSERT INTO kept VALUES (9)",
                "SELECT * FROM kept FOR UPDATE",
                "SELECT * FROM kept LOCK IN SHARE MODE",
                "SELECT 1 INTO OUTFILE '/tmp/serai-never'",
                "SELECT 1 /*! INTO OUTFILE '/tmp/serai-never' */",
                "SELECT 1 /*M! INTO OUTFILE '/tmp/serai-never' */",
                "SELECT \"\\\" INTO OUTFILE '/tmp/serai-never' -- \"",
                "SELECT 1 INTO @x",
                "SET GLOBAL max_connections = 1",
                "COMMIT",
                "CALL nothing()",
                "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE kept",
                "ANALYZE DELETE FROM kept",
                "SELECT 1; DELETE FROM kept",
                "SELECT 1 -- \n; DELETE FROM kept",
                "",
                "-- nothing"
            })
    void runsOneStatementThatReads(String sql) {
        assertThat(Failures.of(() -> ask(sql))).isInstanceOf(Failure.Invalid.class);

        assertThat(ask("SELECT count(*) FROM kept").values()).containsExactly(List.of("3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'INTO; DELETE' -- FOR UPDATE",
                "(SELECT 1) UNION (SELECT 2);",
                "WITH x AS (SELECT 1 AS `into`) SELECT x.`into` FROM x # INTO",
                "SHOW TABLES",
                "EXPLAIN SELECT * FROM kept",
                "DESCRIBE kept",
                "SELECT /* a comment; that is none */ 1"
            })
    void runsWhatReads(String sql) {
        assertThat(ask(sql).values()).isNotEmpty();
    }

    @Test
    void runsAListOfValues() {
        assertThat(ask(someValues()).values()).containsExactly(List.of("1"), List.of("2"));
    }

    @Test
    void aFunctionThatWritesIsRefused() {
        database.execute(
                "CREATE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO kept VALUES (9); RETURN 1; END");

        assertThat(Failures.of(() -> ask("SELECT writes()"))).isInstanceOf(Failure.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 FORM kept|15",
                "SELECT '😀', 1 FORM kept|20",
                "SELECT (1|10",
                "SELECT 1 FORM kept WHERE id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26)|15",
                "SELECT nothing FROM kept|",
                "SELECT nothing()|"
            })
    void saysWhereAStatementIsWrongWhereTheServerDoes(String sql, Integer position) {
        assertThat(Failures.of(() -> ask(sql)))
                .isInstanceOfSatisfying(Failure.Unreadable.class, failure -> assertThat(failure.position())
                        .isEqualTo(position));
    }

    @Test
    void aQueryThatTakesTooLongIsATimeout() {
        try (MariaDatabase hasty = MariaConfigs.open(database, "read_timeout", 1)) {
            for (String sql : List.of("SELECT sleep(20) FROM kept", endless())) {
                assertThat(Failures.of(() -> Rows.of(hasty.query(Map.of("sql", sql)))))
                        .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.timedOut())
                                .isTrue());
            }
        }
    }

    @Test
    void noMoreConnectionsThanAllowedIsAnExhaustedConnector() {
        try (var held = connector.query(Map.of("sql", manyRows(), "limit", 50_000))) {
            assertThat(Failures.of(() -> ask("SELECT 1"))).isInstanceOf(Failure.Exhausted.class);
        }
        assertThat(ask("SELECT 1").values()).containsExactly(List.of("1"));
    }
}
