package dev.serai.connector.sql.mariadb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.RowSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;

import static dev.serai.connector.sql.mariadb.MariaConfigs.model;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MariaReadTest {
    final MariaDb.Database database = another();
    final MariaDatabase connector = MariaConfigs.open(database);

    @AfterAll
    void close() {
        connector.close();
    }

    /** A new database of the server that is read. */
    MariaDb.Database another() {
        return MariaDb.database();
    }

    @Test
    void readsWhatWasThereWhenItBegan() {
        database.execute("CREATE TABLE growing (id int)", "INSERT INTO growing VALUES (1)");
        RowSource rows = connector.read(model(database, "growing"));
        database.execute("INSERT INTO growing VALUES (2)", "UPDATE growing SET id = 3 WHERE id = 1");

        assertThat(Rows.of(rows).values()).containsExactly(List.of("1"));
    }

    @Test
    void readsNamesThatNeedQuotes() {
        String name = "Ta`ble. 'x'; 😀 -- ? %s".replace("😀", "é");
        String column = "se lect`\"--é.?$1%s";
        String longest = "é".repeat(64);
        database.execute(
                "CREATE TABLE " + MariaQuestion.quoted(name) + " (" + MariaQuestion.quoted(column) + " int, "
                        + MariaQuestion.quoted(longest) + " int)",
                "INSERT INTO " + MariaQuestion.quoted(name) + " VALUES (7, 8)");

        Rows rows = Rows.of(connector.read(model(database, name)));

        assertThat(rows.names()).containsExactly(column, longest);
        assertThat(rows.values()).containsExactly(List.of("7", "8"));
    }

    @Test
    void namesThatDifferInCaseOnlyAreTwoModels() {
        database.execute("CREATE TABLE twin (lower int)", "CREATE TABLE Twin (upper int)");

        assertThat(connector.models(Map.of("search", "TWIN")).path("items"))
                .extracting(item -> item.path("name").asText())
                .containsExactly("Twin", "twin");
        assertThat(connector
                        .schema(model(database, "Twin"))
                        .at("/columns/0/name")
                        .asText())
                .isEqualTo("upper");
        assertThat(Rows.of(connector.read(model(database, "twin"))).names()).containsExactly("lower");
    }

    @Test
    void generatedAndInvisibleColumnsAreColumns() {
        database.execute(
                "CREATE TABLE made (id int AUTO_INCREMENT PRIMARY KEY, price decimal(6,2) NOT NULL,"
                        + " doubled decimal(8,2) AS (price * 2) STORED, halved decimal(8,3) AS (price / 2) VIRTUAL,"
                        + " hidden int INVISIBLE DEFAULT 5)",
                "INSERT INTO made (price) VALUES (1.25)");

        Rows rows = Rows.of(connector.read(model(database, "made")));

        assertThat(rows.names()).containsExactly("id", "price", "doubled", "halved", "hidden");
        assertThat(rows.values()).containsExactly(List.of("1", "1.25", "2.50", "0.625", "5"));
        assertThat(connector.schema(model(database, "made")).path("columns"))
                .extracting(column -> column.path("primary_key").asBoolean())
                .containsExactly(true, false, false, false, false);
    }

    @Test
    void theServersModeChangesNoValue() {
        database.execute("CREATE TABLE padded (c char(5), v varchar(5))", "INSERT INTO padded VALUES ('a', 'b ')");
        database.executeAsAdmin("SET @before = @@GLOBAL.sql_mode");
        try {
            database.executeAsAdmin(
                    "SET GLOBAL sql_mode = 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'");

            assertThat(Rows.of(connector.read(model(database, "padded"))).values())
                    .containsExactly(List.of("a", "b "));
            assertThat(Rows.of(connector.query(Map.of("sql", "SELECT \"c\" || '\\'', @@sql_mode FROM padded")))
                            .values())
                    .containsExactly(List.of("a'", "PIPES_AS_CONCAT,ANSI_QUOTES"));
        } finally {
            database.executeAsAdmin("SET GLOBAL sql_mode = DEFAULT");
        }
    }

    @Test
    void showsWhatTheUserMayReadAndNothingElse() {
        MariaDb.Database other = another();
        other.execute(
                "CREATE TABLE open (id int, secret int)",
                "CREATE TABLE closed (id int)",
                "CREATE VIEW seen AS SELECT 1 AS n");
        other.executeAsAdmin(
                "CREATE USER partial IDENTIFIED BY 'x'",
                "GRANT SELECT (id) ON " + other.name() + ".open TO partial",
                "GRANT SELECT ON " + other.name() + ".seen TO partial");
        try (MariaDatabase partial = MariaConfigs.open(other, "username", "partial", "password", "x")) {
            assertThat(partial.models(Map.of()).path("items"))
                    .extracting(item ->
                            item.path("name").asText() + " " + item.path("kind").asText())
                    .containsExactly("open table", "seen view");
            assertThat(((BatchSource) partial.read(model(other, "open"))).columns())
                    .extracting(Column::name)
                    .containsExactly("id");
            assertThat(Failures.of(() -> partial.read(model(other, "closed"))).code())
                    .isEqualTo("model_missing");
        }
    }

    @Test
    void modelsAreThoseOfTheSchemasAskedFor() {
        MariaDb.Database other = another();
        other.execute("CREATE TABLE there (id int)");
        other.executeAsAdmin("GRANT SELECT ON *.* TO " + database.username());

        try (MariaDatabase connector = MariaConfigs.open(database)) {
            assertThat(connector
                            .models(Map.of("schemas", List.of(other.name(), "mysql")))
                            .path("items"))
                    .extracting(item -> item.path("name").asText())
                    .containsExactly("there");
            assertThat(connector.models(Map.of("search", "there")).path("items"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 1) UNION SELECT (2",
                "id = 1; DELETE FROM filtered",
                "id = ?",
                "id = 'a",
                "nothing = 1",
                "id IN (SELECT 1 INTO @x)",
                "id = 1) -- ",
                "id = 1 /* "
            })
    void aFilterIsOneCondition(String filter) {
        database.execute("CREATE TABLE IF NOT EXISTS filtered (id int)");

        assertThat(Failures.of(() -> connector.read(model(database, "filtered", "filter", filter))))
                .isInstanceOf(Failure.Invalid.class);
    }

    @Test
    void aFilterChoosesRows() {
        database.execute("CREATE TABLE chosen (id int, t text)", "INSERT INTO chosen VALUES (1, ')'), (2, 'x')");

        assertThat(Rows.of(connector.read(model(database, "chosen", "filter", "t = ')' -- that one")))
                        .values())
                .containsExactly(List.of("1", ")"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i|2|1, 3, 4",
                "u|9007199254740993|1, 3, 4",
                "e|1.50|1, 3, 4",
                "d|2024-02-02|1, 3, 4",
                "t|2024-02-02 00:00:00.000002|1, 3, 4",
                "z|2024-02-02 00:00:00+00|1, 3, 4",
                "s|b|1, 2, 3, 4",
                "d|0044-03-15 (BC)|1, 2, 3, 4",
                "i|1 OR 1=1|1, 2, 3, 4"
            })
    void aWindowLeavesOutWhatLiesBefore(String column, String from, String withNulls) {
        database.execute(
                "DROP TABLE IF EXISTS windowed",
                "CREATE TABLE windowed (n int, i int, u bigint unsigned, e decimal(5,2), d date, t datetime(6), z timestamp NULL, s varchar(9))",
                "SET time_zone = '+00:00'",
                "INSERT INTO windowed VALUES (1, 2, 9007199254740993, 1.5, '2024-02-02', '2024-02-02 00:00:00.000002', '2024-02-02', 'b'),"
                        + "(2, 1, 9007199254740992, 1.49, '2024-02-01', '2024-02-02 00:00:00.000001', '2024-02-01 23:59:59', 'a'),"
                        + "(3, 9, 9007199254740999, 9, '2025-01-01', '2025-01-01', '2025-01-01', 'c'),"
                        + "(4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");

        List<String> all = List.of(withNulls.split(", "));
        assertThat(windowed(column, from, true)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(windowed(column, from, false))
                .containsExactlyInAnyOrderElementsOf(all.size() == 4 ? all : List.of("1", "3"));
    }

    List<String> windowed(String column, String from, boolean nulls) {
        Map<String, Object> window = new LinkedHashMap<>(Map.of("column", column, "from", from, "nulls", nulls));
        return Rows.of(connector.read(model(database, "windowed", "window", window))).values().stream()
                .map(row -> row.get(0))
                .toList();
    }

    @Test
    void aWindowWithNullsHasTheDaysThatBecomeNull() {
        database.inMode("")
                .execute("CREATE TABLE zeros (d date)", "INSERT INTO zeros VALUES ('0000-00-00'), ('2020-01-01')");
        Map<String, Object> window = Map.of("column", "d", "from", "2024-01-01", "nulls", true);

        assertThat(Rows.of(connector.read(model(database, "zeros", "window", window)))
                        .values())
                .containsExactly(java.util.Collections.singletonList(null));
    }

    @Test
    void aWindowWithNullsHasTheDaysOfNoCalendarBelowItsBound() {
        database.inMode("ALLOW_INVALID_DATES")
                .execute(
                        "CREATE TABLE uncalendared (n int, d date, t datetime)",
                        "INSERT INTO uncalendared SELECT n, d, d FROM (SELECT 1 AS n, '2020-00-10' AS d"
                                + " UNION SELECT 2, '2020-10-00' UNION SELECT 3, '2020-02-31' UNION SELECT 4, '2019-02-29'"
                                + " UNION SELECT 5, '2020-04-31' UNION SELECT 6, '1900-02-29' UNION SELECT 7, '0000-00-00'"
                                + " UNION SELECT 8, '2020-02-29' UNION SELECT 9, '2000-02-29' UNION SELECT 10, '2020-12-31'"
                                + " UNION SELECT 11, '2025-01-01') AS days");

        for (Map.Entry<String, String> bound :
                Map.of("d", "2024-01-01", "t", "2024-01-01 00:00:00").entrySet()) {
            Map<String, Object> window = Map.of("column", bound.getKey(), "from", bound.getValue(), "nulls", true);
            assertThat(Rows.of(connector.read(model(database, "uncalendared", "window", window)))
                            .values())
                    .extracting(row -> row.get(0))
                    .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "11");
        }
    }
}
