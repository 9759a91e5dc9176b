package dev.serai.connector.sql.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ContractWorld;
import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PostgresQueryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Postgres.Database DATABASE = Postgres.database();

    @TempDir
    static Path kamelets;

    private static ContractWorld world;
    private static Connector connector;
    private static final TimeZone ZONE = TimeZone.getDefault();

    @BeforeAll
    static void open() {
        // Where the night of 2026-03-29 has no half past two.
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        world = new ContractWorld(kamelets);
        Map<String, Object> config = PostgresConfigs.config(DATABASE, "pool_size", 1, "max_overflow", 0);
        connector = world.save("queried", "postgresql", JSON.valueToTree(config));
        DATABASE.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (1)", "CREATE SEQUENCE numbers");
    }

    @AfterAll
    static void close() {
        world.close();
        TimeZone.setDefault(ZONE);
    }

    @Test
    void answersTheSameTypesAndValuesAsABulkRead() {
        DATABASE.execute(
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE DOMAIN price AS numeric(8,3)",
                """
                CREATE TABLE types AS SELECT i AS id, true AS b, 1::int2 AS i2, 2::int4 AS i4, 3::int8 AS i8, 1.5::float4 AS f4,
                  0.1::float8 AS f8, 12.50::numeric(10,2) AS n, 1e50::numeric AS big, 'é'::text AS t, 'c'::char(3) AS c,
                  '{"a": 1}'::json AS j, '{"a":  1}'::jsonb AS jb, '\\x00ff'::bytea AS by, '<a/>'::xml AS x,
                  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS u, '2026-03-29'::date AS d, '0044-03-15 BC'::date AS bc,
                  '2026-03-29 02:30:00.123456'::timestamp AS ts, '2026-03-29 02:30:00.123456+02'::timestamptz AS tz,
                  '1800-01-01 00:00:00.000001'::timestamp AS old, '12:00'::time AS tm, '1 day'::interval AS iv,
                  '{1,NULL}'::int[] AS a, 'ok'::mood AS m, 1.5::price AS p, '10.0.0.1'::inet AS ip, '[1,2)'::int4range AS r
                FROM generate_series(1, 1) i
                """,
                "INSERT INTO types (id) VALUES (2)",
                """
                INSERT INTO types (id, d, ts, tz, n)
                VALUES (3, 'infinity', '-infinity', 'infinity', 'NaN')
                """);

        Rows read = Rows.of(world.rows(connector, "read", json("{'model': {'schema': 'public', 'name': 'types'}}")));
        Rows asked = ask("{'sql': 'SELECT * FROM types ORDER BY id'}");

        assertThat(asked).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "SELECT 1§1",
                "VALUES (1), (2)§1",
                "TABLE kept;§1",
                "WITH x AS (SELECT 7 AS a) SELECT a FROM x -- end§7",
                "(SELECT 1) UNION (SELECT 1);;§1",
                "SHOW server_encoding§UTF8",
                "EXPLAIN (FORMAT TEXT, COSTS OFF) SELECT 1§Result",
                "SELECT 'it''s :?x {d \"x\"} $1 ?'§it's :?x {d \"x\"} $1 ?",
                "SELECT '{\"a\":1}'::jsonb ? 'a'§true",
                "SELECT '{\"a\":1}'::jsonb ?| array['b']§false",
                "SELECT $$a;b$$§a;b",
                "SELECT row(1, 'x')§(1,x)",
                "SELECT current_setting('transaction_read_only')§on",
                "SELECT array_agg(id) FROM kept§{1}",
            })
    void answersStatementsThatRead(String sql, String first) {
        assertThat(ask(JSON.createObjectNode().put("sql", sql)).values().get(0).get(0))
                .isEqualTo(first);
    }

    @Test
    void aFunctionWithoutAResultAnswersAnEmptyText() {
        assertThat(ask("{'sql': 'SELECT pg_sleep(0)'}").values()).containsExactly(List.of(""));
    }

    @Test
    void valuesTakeTheTypeOfTheirPlace() {
        Rows rows = ask("{'sql': 'SELECT $1::int + 1, $2, $3::bool, $4::numeric(5,2), $5::jsonb, $1::text, $6::int[]',"
                + " 'params': [41, \"it's\", true, 1.25, {'a': [1]}, null]}");

        assertThat(rows.values().get(0)).containsExactly("42", "it's", "true", "1.25", "{\"a\": [1]}", "41", null);
        assertThat(rows.types())
                .containsExactly("INTEGER", "VARCHAR", "BOOLEAN", "DECIMAL(5,2)", "VARCHAR", "VARCHAR", "VARCHAR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'sql': 'SELECT $1', 'params': []}",
                "{'sql': 'SELECT 1', 'params': [1]}",
                "{'sql': 'SELECT $2', 'params': [1]}",
                "{'sql': ''}",
                "{}",
                "{'sql': ';'}",
                "{'sql': 'SELECT 1; SELECT 2'}",
                "{'sql': 'SELECT 1; COMMIT; DELETE FROM kept'}",
                "{'sql': 'DELETE FROM kept'}",
                "{'sql': 'WITH d AS (DELETE FROM kept RETURNING id) SELECT * FROM d'}",
                "{'sql': 'WITH x AS (SELECT 1) INSERT INTO kept SELECT * FROM x'}",
                "{'sql': 'SELECT * INTO other FROM kept'}",
                "{'sql': 'SELECT * FROM kept FOR UPDATE'}",
                "{'sql': \"SELECT nextval('numbers')\"}",
                "{'sql': 'EXPLAIN ANALYZE DELETE FROM kept'}",
                "{'sql': 'SELECT'}",
            })
    void refusesWhatIsNotOneStatementThatReads(String request) {
        assertThat(failure(request)).isInstanceOf(Failure.Invalid.class);
        assertThat(ask("{'sql': 'TABLE kept'}").values()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1) AS q; DELETE FROM kept; --", "SELECT 1) AS q UNION (SELECT 2", "SELECT (1"})
    void cannotBreakOutOfTheParenthesesAroundIt(String sql) {
        assertThat(failure(JSON.createObjectNode().put("sql", sql)))
                .isInstanceOfAny(Failure.Unreadable.class, Failure.Invalid.class);
        assertThat(ask("{'sql': 'TABLE kept'}").values()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "SELEC 1|not_read_only|",
                "SELECT * FORM kept|bad_sql|10",
                "SELECT nope FROM kept|bad_sql|8",
                "   SELECT '😀', nope FROM kept|bad_sql|16",
                "/* é */ SELECT $1, $1, $1, $1, $1, $1, $1, $1, $1, $1, nope FROM kept|bad_sql|56",
                "SELECT nope(1)|bad_sql|8",
                "SELECT 1 / 0|bad_sql|",
                "SELECT 'x'::int|bad_sql|8",
                "SELECT 1 / (id - 1) FROM kept|bad_sql|",
            })
    void tellsWhatIsWrongAndWhereInThePersonsOwnText(String sql, String code, Integer position) {
        ObjectNode request = JSON.createObjectNode().put("sql", sql);
        if (sql.contains("$1")) {
            request.putArray("params").add(1);
        }
        Failure failure = failure(request);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure instanceof Failure.Unreadable unreadable ? unreadable.position() : null)
                .isEqualTo(position);
        assertThat(failure.detail()).doesNotContain("c1", "AS q");
    }

    @Test
    void aRightThatIsMissingIsTheSources() {
        DATABASE.executeAsSuperuser("CREATE TABLE public.forbidden (id int)");

        assertThat(failure("{'sql': 'SELECT * FROM forbidden'}"))
                .isInstanceOfSatisfying(Failure.Source.class, failure -> {
                    assertThat(failure.layer()).isEqualTo(Failure.Layer.AUTHORIZE);
                    assertThat(failure.code()).isEqualTo("permission_denied");
                });
    }

    @Test
    void fetchesNoMoreThanTheLimit() {
        long start = System.nanoTime();

        assertThat(ask("{'sql': 'SELECT generate_series(1, 100000000000)', 'limit': 5}")
                        .values())
                .hasSize(5);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(ask("{'sql': 'SHOW ALL', 'limit': 3}").values()).hasSize(3);
    }

    @Test
    void refusesAnAnswerTooLargeToHold() {
        assertThat(failure("{'sql': \"SELECT repeat('x', 3000000) FROM generate_series(1, 100)\"}")
                        .code())
                .isEqualTo("answer_too_large");
    }

    /** Row by row takes 50 seconds, and the driver fetches fifty rows before it shows the first. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "D", "N", "Z", "C"})
    void refusesRowsTooLargeToFetch(String letter) {
        String sql = "SELECT repeat('" + letter + "', 70000000), pg_sleep(1)::text FROM generate_series(1, 50)";
        long start = System.nanoTime();

        assertThat(failure("{'sql': \"" + sql + "\"}").code()).isEqualTo("answer_too_large");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(ask("{'sql': 'SELECT 1'}").values()).containsExactly(List.of("1"));
    }

    @Test
    void countsWhatSmallValuesTakeInMemory() {
        String columns = "i" + ", i".repeat(99);

        assertThat(failure("{'sql': 'SELECT " + columns + " FROM generate_series(1, 30000) i', 'limit': 100000}")
                        .code())
                .isEqualTo("answer_too_large");
    }

    @Test
    void aQueryLeavesNothingBehindForTheNextOnTheSameConnection() {
        ask("{'sql': 'SELECT pg_advisory_lock(7)'}");
        ask("{'sql': \"SELECT set_config('search_path', 'nowhere', false)\"}");
        ask("{'sql': \"SELECT set_config('statement_timeout', '1', false)\"}");

        assertThat(
                        ask("{'sql': \"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()\"}")
                                .values())
                .containsExactly(List.of("0"));
        assertThat(ask("{'sql': 'SELECT count(*) FROM kept, pg_sleep(0.05)'}").values())
                .containsExactly(List.of("1"));
    }

    private static Rows ask(String request) {
        return ask(json(request));
    }

    private static Rows ask(ObjectNode request) {
        return Rows.of(world.rows(connector, "query", request));
    }

    /** The server ends the connection over it, which would look like a fault of the source. */
    @Test
    void refusesTheCharacterZeroItself() {
        Failure inSql = failure("{'sql': 'SELECT \\u0000'}");
        assertThat(inSql).isInstanceOfSatisfying(Failure.Unreadable.class, bad -> assertThat(bad.position())
                .isEqualTo(8));
        assertThat(inSql.code()).isEqualTo("bad_sql");
        assertThat(failure("{'sql': 'SELECT $1::text', 'params': ['a\\u0000']}"))
                .isInstanceOf(Failure.Invalid.class);
    }

    private static Failure failure(String request) {
        return failure(json(request));
    }

    private static Failure failure(ObjectNode request) {
        return Failures.of(() -> ask(request));
    }

    /** JSON with single quotes around names and values that hold none. */
    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.reader()
                    .with(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
