package dev.serai.connector.sql.postgres;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowSource;
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

class PostgresReadTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresDatabase CONNECTOR = PostgresConfigs.open(DATABASE);

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @Test
    void readsEveryTypeWithoutLoss() {
        DATABASE.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'happy 😀')",
                "CREATE DOMAIN price AS numeric(8,3)",
                """
                CREATE TABLE types (
                  b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(38,10), n0 numeric, big numeric(40,2),
                  negative numeric(4,-2), small numeric(2,5), t text, v varchar(10), c char(5), j json, jb jsonb, u uuid,
                  x xml, by bytea, d date, ts timestamp, tz timestamptz, tm time, ttz timetz, iv interval, a int[],
                  m mood, p price, r int4range, ip inet, mo money, tsv tsvector, o oid, "bit" bit(3))
                """,
                """
                INSERT INTO types VALUES (
                  true, -32768, 2147483647, -9223372036854775808, 1.5, 0.1, 1234567890123456789012345678.0123456789,
                  1e50, 0.01, 123456, 0.00012, 'héllo', 'v', 'c', '{"a": 1}', '{"b":  2}',
                  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a/>', '\\x00ff', '2024-02-29',
                  '2026-03-29 02:30:00.123456', '2026-03-29 02:30:00.123456+02', '12:34:56.789', '12:00+02',
                  '1 year 2 days', '{1,NULL,3}', 'happy 😀', 1.5, '[1,5)', '10.0.0.1', 1.5, 'a b', 42, B'101')
                """);

        Rows rows = Rows.of(CONNECTOR.read(model("public", "types")));

        assertThat(rows.types())
                .containsExactly(
                        "BOOLEAN",
                        "SMALLINT",
                        "INTEGER",
                        "BIGINT",
                        "FLOAT",
                        "DOUBLE",
                        "DECIMAL(38,10)",
                        "VARCHAR",
                        "VARCHAR",
                        "DECIMAL(6,0)",
                        "DECIMAL(5,5)",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "BLOB",
                        "DATE",
                        "TIMESTAMP",
                        "TIMESTAMP WITH TIME ZONE",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "DECIMAL(8,3)",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR");
        assertThat(rows.values().get(0))
                .containsExactly(
                        "true",
                        "-32768",
                        "2147483647",
                        "-9223372036854775808",
                        "1.5",
                        "0.1",
                        "1234567890123456789012345678.0123456789",
                        "1" + "0".repeat(50),
                        "0.01",
                        "123500",
                        ".00012",
                        "héllo",
                        "v",
                        "c    ",
                        "{\"a\": 1}",
                        "{\"b\": 2}",
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                        "<a/>",
                        "\\x00\\xFF",
                        "2024-02-29",
                        "2026-03-29 02:30:00.123456",
                        "2026-03-29 00:30:00.123456+00",
                        "12:34:56.789",
                        "12:00:00+02",
                        "P1Y2D",
                        "{1,NULL,3}",
                        "happy 😀",
                        "1.500",
                        "[1,5)",
                        "10.0.0.1",
                        "$1.50",
                        "'a' 'b'",
                        "42",
                        "101");
    }

    /** With those locales that the server has. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"C|$1,234.50", "en_US.UTF-8|$1,234.50", "de_DE.UTF-8|1.234,50 €", "ja_JP.UTF-8|￥1,234"})
    void moneyIsTheTextThatTheDatabaseWrites(String locale, String text) {
        Postgres.Database database = Postgres.database();
        database.execute("CREATE TABLE prices (price money)");
        try {
            database.executeAsSuperuser("ALTER DATABASE " + database.name() + " SET lc_monetary = '" + locale + "'");
        } catch (IllegalStateException e) {
            abort("The server has no locale " + locale);
        }
        database.execute("INSERT INTO prices VALUES (1234.5)");
        try (PostgresDatabase connector = PostgresConfigs.open(database)) {
            assertThat(Rows.of(connector.read(model("public", "prices"))).values())
                    .containsExactly(List.of(text));
        }
    }

    @Test
    void knowsHowManyRowsTheServerSent() throws Exception {
        var lease = (ConnectionPool.Lease) CONNECTOR.getConnection();
        var plan = new PostgresRead.Plan(
                "three",
                "COPY (SELECT generate_series(1, 3)) TO STDOUT (FORMAT binary)",
                "",
                List.of(),
                -1,
                PostgresFailures::of,
                PostgresFailures::of,
                null,
                PostgresRead.Split.not(""));
        BulkReading reading = new BulkReading(lease, plan, new CopyRefusals(), List.of());
        var chunks = reading.open();
        while (chunks.next() != null) {
            // The count comes last.
        }

        assertThat(chunks.sent()).isEqualTo(3);
        reading.stop();
    }

    @Test
    void readsNullsHugeTextAndNothing() {
        DATABASE.execute(
                "CREATE TABLE odd (id int, t text)",
                "INSERT INTO odd VALUES (1, NULL), (NULL, ''), (3, repeat('é', 3000000))",
                "CREATE TABLE nothing (id int, \"Id \" text)");

        List<List<String>> odd = Rows.of(CONNECTOR.read(model("public", "odd"))).values();
        assertThat(odd.get(0)).containsExactly("1", null);
        assertThat(odd.get(1)).containsExactly(null, "");
        assertThat(odd.get(2).get(1)).hasSize(3_000_000);

        Rows nothing = Rows.of(CONNECTOR.read(model("public", "nothing")));
        assertThat(nothing.names()).containsExactly("id", "Id ");
        assertThat(nothing.values()).isEmpty();
    }

    @Test
    void readsNamesThatNeedQuotes() {
        String name = "Ta\"ble. 'x'; 😀 -- $1 ?";
        String column = "se lect\"--😀.?$1";
        String quotedName = '"' + name.replace("\"", "\"\"") + '"';
        String quotedColumn = '"' + column.replace("\"", "\"\"") + '"';
        String longest = "l".repeat(63);
        DATABASE.execute(
                "CREATE SCHEMA \"Sch.ema\"",
                "CREATE TABLE \"Sch.ema\"." + quotedName + " (" + quotedColumn + " int, " + longest + " int)",
                "INSERT INTO \"Sch.ema\"." + quotedName + " VALUES (7, 8)");

        Rows rows = Rows.of(CONNECTOR.read(model("Sch.ema", name)));

        assertThat(rows.names()).containsExactly(column, longest);
        assertThat(rows.values()).containsExactly(List.of("7", "8"));
    }

    @Test
    void readsChosenColumnsUnderAFilterUpToALimit() {
        DATABASE.execute("CREATE TABLE many AS SELECT i AS id, 'row ' || i AS name FROM generate_series(1, 10000) i");

        Rows rows = Rows.of(CONNECTOR.read(Map.of(
                "model",
                name("public", "many"),
                "columns",
                List.of("name", "id"),
                "filter",
                "id % 2 = 0 -- even",
                "limit",
                3)));

        assertThat(rows.names()).containsExactly("name", "id");
        assertThat(rows.values()).hasSize(3).allMatch(row -> Integer.parseInt(row.get(1)) % 2 == 0);
        assertThat(Rows.of(CONNECTOR.read(model("public", "many"))).values()).hasSize(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true) TO STDOUT; DELETE FROM guarded; --",
                "true; DELETE FROM guarded",
                "true;",
                "(true",
                "true) OR (true",
                "id = $1",
                "nonsense",
                "id",
                "id = 'x'",
                "",
                "-- nothing",
                "true /*",
                "true $$",
                "true 'x",
                "id = 1 ORDER BY 1",
                "true LIMIT 1",
                "true UNION ALL SELECT 2",
                "id = generate_series(1, 3)",
                "count(*) > 0",
                "row_number() OVER () = 1",
                "SELECT true",
                "id IN (SELECT 1)",
                "EXISTS (/* so */ select FROM pg_class)",
                "EXISTS (TABLE guarded)",
                "id IN (VALUES/**/ (1))",
                "WITH q AS (TABLE guarded) TABLE q",
                "id = 1 -- \0",
                "pg_catalog.nothing(id)"
            })
    void aFilterCannotBecomeAnythingElse(String filter) {
        DATABASE.execute(
                "CREATE TABLE IF NOT EXISTS guarded (id int)", "TRUNCATE guarded", "INSERT INTO guarded VALUES (1)");

        Failure failure =
                Failures.of(() -> CONNECTOR.read(Map.of("model", name("public", "guarded"), "filter", filter)));

        assertThat(failure).isInstanceOfSatisfying(Failure.Invalid.class, invalid -> assertThat(invalid.errors())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.pointer()).isEqualTo("/filter");
                    assertThat(fault.message()).isNotBlank().doesNotContain("FROM \"public\"");
                }));
        assertThat(Rows.of(CONNECTOR.read(model("public", "guarded"))).values()).hasSize(1);
    }

    @Test
    void aFilterCanUseAllThatAConditionHas() {
        DATABASE.execute(
                "CREATE TABLE free (id int, \"select\" text, \"values\" int, at timestamptz, j jsonb)",
                "INSERT INTO free VALUES (1, 'a;b', 3, '2026-01-01Z', '{\"k\": 1}'), (2, 'x', 3, '2026-01-02Z', '{}')");

        for (String filter : List.of(
                "\"select\" = 'a;b'",
                "(values < 4) AND id = ANY ('{1,7}')",
                "id IN (1, 3) /* SELECT */ -- select",
                "at::timestamp with time zone < '2026-01-01 12:00Z'",
                "j ? 'k' AND lower(\"select\") LIKE $$a;%$$",
                "CASE WHEN id = 1 THEN true ELSE false END")) {
            Map<String, Object> request =
                    Map.of("model", name("public", "free"), "columns", List.of("id"), "filter", filter);
            assertThat(Rows.of(CONNECTOR.read(request)).values()).as(filter).containsExactly(List.of("1"));
        }
    }

    @Test
    void readsAQueryWhoseColumnsHaveTheSameName() {
        BatchSource source =
                (BatchSource) CONNECTOR.read(Map.of("query", "SELECT 1 AS a, 'x'::text AS a, now() AS b; -- done"));

        assertThat(source.columns()).extracting(column -> column.name()).containsExactly("a", "a", "b");
        assertThat(Rows.of(source).values().get(0)).startsWith("1", "x");
    }

    @Test
    void aQueryCannotBecomeAnythingElse() {
        DATABASE.execute("CREATE TABLE safe (id int)", "INSERT INTO safe VALUES (1)");

        for (String query : List.of(
                "SELECT 1) TO STDOUT; DELETE FROM safe; --",
                "SELECT 1; DELETE FROM safe",
                "DELETE FROM safe RETURNING id",
                "WITH d AS (DELETE FROM safe RETURNING id) SELECT * FROM d",
                "SELECT * INTO stolen FROM safe",
                "SELECT $1",
                "SHOW all",
                "COPY safe TO STDOUT",
                "",
                "-- nothing")) {
            Failure failure = Failures.of(() -> Rows.of(CONNECTOR.read(Map.of("query", query))));
            assertThat(failure).as(query).isInstanceOfAny(Failure.Invalid.class, Failure.Unreadable.class);
        }
        assertThat(Rows.of(CONNECTOR.read(model("public", "safe"))).values()).hasSize(1);
    }

    @Test
    void whatIsNotThereIsAFailureOfTheSource() {
        DATABASE.execute("CREATE TABLE narrow (id int)", "CREATE TABLE hollow ()");

        assertThat(Failures.of(() -> CONNECTOR.read(model("public", "gone"))).code())
                .isEqualTo("model_missing");
        assertThat(Failures.of(() -> CONNECTOR.read(
                                Map.of("model", name("public", "narrow"), "columns", List.of("id", "gone"))))
                        .detail())
                .contains("no column gone");
        assertThat(Failures.of(() -> CONNECTOR.read(model("public", "hollow"))).code())
                .isEqualTo("no_columns");
    }

    @Test
    void aFailureMidwayIsTheSources() {
        DATABASE.execute("CREATE VIEW midway AS SELECT 1 / (5000 - i) AS x FROM generate_series(1, 10000) i");

        assertThat(Failures.of(() -> Rows.of(CONNECTOR.read(model("public", "midway")))))
                .isInstanceOf(Failure.Source.class)
                .satisfies(failure -> assertThat(failure.detail()).contains("division by zero"));
    }

    @Test
    void seesOneSnapshotFromTheMomentItIsOpened() {
        DATABASE.execute("CREATE TABLE moving (id int)", "INSERT INTO moving VALUES (1)");

        RowSource source = CONNECTOR.read(model("public", "moving"));
        DATABASE.execute("INSERT INTO moving VALUES (2)");

        assertThat(Rows.of(source).values()).hasSize(1);
        assertThat(Rows.of(CONNECTOR.read(model("public", "moving"))).values()).hasSize(2);
    }

    @Test
    void warnsOfWhatDoesNotFit() {
        DATABASE.execute(
                "CREATE TABLE extremes (d date, t timestamptz, n numeric(10,2))",
                """
                INSERT INTO extremes VALUES ('infinity', '-infinity', 'NaN')
                """);
        BatchSource source = (BatchSource) CONNECTOR.read(model("public", "extremes"));

        assertThat(Rows.of(source).values().get(0)).containsExactly(null, null, null);
        assertThat(source.warnings()).hasSize(3);
    }

    private static Map<String, Object> model(String schema, String name) {
        return Map.of("model", name(schema, name));
    }

    private static Map<String, Object> name(String schema, String name) {
        return Map.of("schema", schema, "name", name);
    }
}
