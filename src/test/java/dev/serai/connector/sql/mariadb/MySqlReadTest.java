package dev.serai.connector.sql.mariadb;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;
import dev.serai.testing.Rows;

import static dev.serai.connector.sql.mariadb.MariaConfigs.model;
import static org.assertj.core.api.Assertions.assertThat;

/** What is read from MariaDB is read from a real MySQL, and more that only it has. */
@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MySqlReadTest extends MariaReadTest {

    @Override
    MariaDb.Database another() {
        return MySql.database();
    }

    @Test
    void aPrimaryKeyThatTheServerMadeIsAColumnAndAKey() {
        database.executeAsAdmin(
                "SET SESSION sql_generate_invisible_primary_key = ON",
                "CREATE TABLE " + database.name() + ".keyless (v int)",
                "INSERT INTO " + database.name() + ".keyless VALUES (7)");

        assertThat(connector.schema(model(database, "keyless")).path("columns"))
                .extracting(column -> column.path("name").asText() + " "
                        + column.path("primary_key").asBoolean())
                .containsExactly("my_row_id true", "v false");
        assertThat(Rows.of(connector.read(model(database, "keyless"))).values()).containsExactly(List.of("1", "7"));
    }

    @Test
    void keysOfExpressionsAndInvisibleColumnsHideNothing() {
        database.execute(
                "CREATE TABLE keyed (id int PRIMARY KEY, t varchar(20), hidden int INVISIBLE DEFAULT (1 + 1),"
                        + " made varchar(20) AS (UPPER(t)) VIRTUAL, KEY ((LOWER(t))), KEY ((id + 1)))",
                "INSERT INTO keyed (id, t) VALUES (1, 'aB')");

        Rows rows = Rows.of(connector.read(model(database, "keyed")));

        assertThat(rows.names()).containsExactly("id", "t", "hidden", "made");
        assertThat(rows.values()).containsExactly(List.of("1", "aB", "2", "AB"));
    }

    @Test
    void aNewTableIsSeenAtOnceWhateverTheServerCaches() {
        connector.models(Map.of());
        database.execute("CREATE TABLE fresh (id int)", "INSERT INTO fresh VALUES (1), (2)");
        try (RowSource rows = connector.read(model(database, "fresh"))) {
            assertThat(((BatchSource) rows).estimatedRows())
                    .as("the server's guess, which it may have made before there were rows")
                    .isBetween(-1L, 2L);
        }
        database.execute("ALTER TABLE fresh ADD added int");

        try (RowSource rows = connector.read(model(database, "fresh"))) {
            assertThat(((BatchSource) rows).columns()).hasSize(2);
        }
        assertThat(Rows.of(connector.read(model(database, "fresh"))).values()).hasSize(2);
    }

    @Test
    void comparesTextsOfItsOwnCollation() {
        database.execute(
                "CREATE TABLE collated (t varchar(20) COLLATE utf8mb4_0900_ai_ci, b varchar(20) COLLATE utf8mb4_0900_bin)",
                "INSERT INTO collated VALUES ('É', 'É'), ('x', 'e')");

        assertThat(Rows.of(connector.read(model(database, "collated", "filter", "t = 'e'")))
                        .values())
                .containsExactly(List.of("É", "É"));
        assertThat(Rows.of(connector.read(model(database, "collated", "filter", "b = 'e'")))
                        .values())
                .containsExactly(List.of("x", "e"));
    }

    @Test
    void namedTimeZonesOfServerAndSessionChangeNoValue() {
        database.executeAsAdmin(
                "INSERT IGNORE INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (9001, 'N')",
                "INSERT IGNORE INTO mysql.time_zone_name VALUES ('Test/Seven', 9001)",
                "INSERT IGNORE INTO mysql.time_zone_transition_type VALUES (9001, 0, 25200, 0, 'SEV')",
                "SET GLOBAL time_zone = 'Test/Seven'");
        try {
            database.execute(
                    "CREATE TABLE zoned (t timestamp, d datetime)",
                    "SET time_zone = 'Test/Seven'",
                    "INSERT INTO zoned VALUES ('2026-01-01 07:00:00', '2026-01-01 07:00:00')");

            List<String> expected = List.of("2026-01-01 00:00:00+00", "2026-01-01 07:00:00");
            assertThat(Rows.of(connector.read(model(database, "zoned"))).values())
                    .containsExactly(expected);
            assertThat(Rows.of(connector.query(Map.of("sql", "SELECT * FROM zoned")))
                            .values())
                    .containsExactly(expected);
        } finally {
            database.executeAsAdmin("SET GLOBAL time_zone = DEFAULT");
        }
    }

    @Test
    void readsTheBytesOfVectors() {
        database.execute(
                "CREATE TABLE vectors (id int PRIMARY KEY, v vector(3))",
                "INSERT INTO vectors VALUES (1, TO_VECTOR('[1,-2.5]')), (2, NULL)");

        assertThat(connector.schema(model(database, "vectors")).path("columns"))
                .extracting(column -> column.path("native_type").asText() + " "
                        + column.path("type").asText())
                .containsExactly("int INTEGER", "vector(3) BLOB");
        assertThat(Rows.of(connector.read(model(database, "vectors", "filter", "id < 9")))
                        .values())
                .as("floats of four bytes, the lowest first")
                .containsExactly(List.of("1", "\\x00\\x00\\x80?\\x00\\x00 \\xC0"), Arrays.asList("2", null));
    }

    @Test
    void aQueryForAVectorItselfFailsAtOnceAndItsConnectionServesNobodyElse() {
        database.execute("CREATE TABLE embedded (v vector(3))", "INSERT INTO embedded VALUES (TO_VECTOR('[1,-2.5]'))");
        try (MariaDatabase narrow = MariaConfigs.open(database, "pool_size", 1, "max_overflow", 0)) {
            String session = session(narrow);
            for (Map<String, Object> way : List.<Map<String, Object>>of(
                    Map.of("sql", "SELECT 1 AS one, v FROM embedded"), Map.of("sql", "TABLE embedded"))) {
                assertThat(Failures.of(() -> narrow.query(way)))
                        .isInstanceOf(Failure.Invalid.class)
                        .asString()
                        .contains("/sql", "VECTOR_TO_STRING");
            }
            assertThat(Failures.of(() -> Rows.of(narrow.read(Map.of("query", "SELECT v FROM embedded")))))
                    .isInstanceOf(Failure.Invalid.class);

            assertThat(session(narrow)).isNotEqualTo(session);
            assertThat(Rows.of(narrow.query(Map.of("sql", "SELECT VECTOR_TO_STRING(v) FROM embedded")))
                            .values())
                    .containsExactly(List.of("[1.00000e+00,-2.50000e+00]"));
        }
    }

    private static String session(MariaDatabase connector) {
        return Rows.of(connector.query(Map.of("sql", "SELECT CONNECTION_ID()")))
                .values()
                .get(0)
                .get(0);
    }
}
