package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads from sources that refuse COPY. PostgreSQL itself never refuses {@code COPY (SELECT …)}, not even of foreign
 * tables; what refuses it are other products that speak its protocol, whose words the proxy here gives.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CursorReadTest {
    private static final String COCKROACH = "unimplemented: binary format for COPY TO not implemented";

    private final Postgres.Database database = Postgres.database();
    private final PostgresProxy proxy = new PostgresProxy(database).refuseCopy("0A000", COCKROACH);
    private final PostgresDatabase connector = PostgresConfigs.open(proxy.database());

    @AfterEach
    void close() {
        connector.close();
        proxy.close();
    }

    /** What a read brings, whatever way it took, in an order of its own. */
    private record Outcome(Rows rows, List<RowWarning> warnings) {
        static Outcome of(RowSource source) {
            Rows rows = Rows.of(source);
            List<List<@Nullable String>> sorted = new ArrayList<>(rows.values());
            sorted.sort(Comparator.comparing(String::valueOf));
            return new Outcome(new Rows(rows.names(), rows.types(), sorted), ((BatchSource) source).warnings());
        }
    }

    private static Map<String, Object> model(String name) {
        return Map.of("model", Map.of("schema", "public", "name", name));
    }

    private static List<String> codes(BatchSource source) {
        return source.notes().stream().map(RowNote::code).toList();
    }

    private void bringsWhatCopyBrings(Map<String, Object> request) {
        try (PostgresDatabase direct = PostgresConfigs.open(database)) {
            RowSource copied = direct.read(request);
            RowSource fetched = connector.read(request);
            assertThat(Outcome.of(fetched)).isEqualTo(Outcome.of(copied));
            assertThat(codes((BatchSource) copied)).isEmpty();
            assertThat(codes((BatchSource) fetched)).containsExactly("read_by_cursor");
        }
    }

    @Test
    void bringsEveryTypeAsCopyDoes() {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'happy 😀')",
                "CREATE DOMAIN price AS numeric(8,3)",
                "CREATE TYPE pair AS (a int, b text)",
                """
                CREATE TABLE types (
                  b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(38,10), n0 numeric, big numeric(40,2),
                  negative numeric(4,-2), small numeric(2,5), t text, v varchar(10), c char(5), j json, jb jsonb, u uuid,
                  x xml, by bytea, d date, ts timestamp, tz timestamptz, tm time, ttz timetz, iv interval, a int[],
                  m mood, p price, r int4range, mr int4multirange, ip inet, mo money, tsv tsvector, o oid, "bit" bit(3),
                  po point, pa pair, fa float8[], nm name, l pg_lsn, mac macaddr, vb varbit, oc "char")
                """,
                """
                INSERT INTO types VALUES (
                  true, -32768, 2147483647, -9223372036854775808, 1.5, 0.1, 1234567890123456789012345678.0123456789,
                  1e50, 0.01, 123456, 0.00012, 'héllo', 'v', 'c', '{"a": 1}', '{"b":  2}',
                  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a/>', '\\x00ff', '2024-02-29',
                  '2026-03-29 02:30:00.123456', '2026-03-29 02:30:00.123456+02', '12:34:56.789', '12:00+02',
                  '1 year 2 days', '{1,NULL,3}', 'happy 😀', 1.5, '[1,5)', '{[1,2),[4,6)}', '10.0.0.1', 1.5, 'a b', 42,
                  B'101', '(1,2)', ROW(1, 'x'), '{0.1,NaN}', 'named', '16/B374D848', '08:00:2b:01:02:03', B'1', 'x')
                """,
                """
                INSERT INTO types (d, ts, tz, n, n0, f4, f8, t, by, iv) VALUES
                  ('infinity', '-infinity', 'infinity', 'NaN', 'Infinity', 'NaN', '-Infinity', '', '', '-1 month'),
                  ('4713-01-01 BC', '294276-12-31 23:59:59.999999', '0001-01-01 BC', 0, -0.0, '-0', 5e-324, E'\\t\\n', '\\x00', '0')
                """,
                "INSERT INTO types (b) VALUES (NULL)");

        bringsWhatCopyBrings(model("types"));
        bringsWhatCopyBrings(Map.of("query", "SELECT * FROM types"));
    }

    @Test
    void bringsModelsAndQueriesOfAnyShapeAsCopyDoes() {
        database.execute(
                "CREATE TABLE \"od d.\"\"?$1\" (\"a ? b\" int, j jsonb, t text)",
                "INSERT INTO \"od d.\"\"?$1\" SELECT i, '{\"k\": 1}', 'ü' || i FROM generate_series(1, 5000) i",
                "CREATE TABLE nothing (id int, \"Id \" text)");

        bringsWhatCopyBrings(model("od d.\"?$1"));
        bringsWhatCopyBrings(model("nothing"));
        bringsWhatCopyBrings(Map.of(
                "model",
                Map.of("schema", "public", "name", "od d.\"?$1"),
                "columns",
                List.of("t", "a ? b"),
                "filter",
                "j ? 'k' AND \"a ? b\" < 4000 -- few"));
        bringsWhatCopyBrings(Map.of(
                "query",
                "/* lead */ SELECT \"a ? b\" AS a, 'x?' AS a FROM \"od d.\"\"?$1\" WHERE j ? 'k' ORDER BY 1; -- done",
                "limit",
                17));
    }

    @ParameterizedTest
    @CsvSource({
        // CockroachDB
        "0A000, unimplemented: binary format for COPY TO not implemented",
        // servers older than the query form of COPY, and what descends from them
        "42601, syntax error at or near \"(\"",
        // Doltgres
        "XX000, at or near \"(\": syntax error",
        // Multigres
        "0A000, COPY TO STDOUT not yet supported",
        // the words of PostgreSQL for a relation of the wrong kind
        "42809, cannot copy from foreign table \"orders\"",
        "08P01, unexpected message in copy mode",
        "42501, permission denied to COPY: ask the administrator of the proxy"
    })
    void takesACursorWhereCopyIsRefusedAndSaysSo(String state, String words) {
        database.execute("CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 3000) i");
        proxy.refuseCopy(state, words);

        BatchSource rows = (BatchSource) connector.read(model("orders"));

        assertThat(Rows.of(rows).values()).hasSize(3000);
        assertThat(rows.notes()).singleElement().satisfies(note -> {
            assertThat(note.code()).isEqualTo("read_by_cursor");
            assertThat(note.detail()).contains("cursor").contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({"0A000, savepoints are not supported", "42601, syntax error at or near \"SAVEPOINT\""})
    void readsWithoutASavepointWhereThereIsNone(String state, String words) {
        database.execute("CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 3000) i");
        proxy.refuseSavepoints(state, words);

        BatchSource fetched = (BatchSource) connector.read(model("orders"));
        assertThat(Rows.of(fetched).values()).hasSize(3000);
        assertThat(codes(fetched)).containsExactly("read_by_cursor");

        try (PostgresDatabase again = PostgresConfigs.open(proxy.takeCopy().database())) {
            BatchSource copied = (BatchSource) again.read(model("orders"));
            assertThat(Rows.of(copied).values()).hasSize(3000);
            assertThat(codes(copied)).isEmpty();
        }
        assertThat(proxy.asked("SAVEPOINT")).isEqualTo(2);
    }

    @Test
    void copyIsAskedForOnceForEachModelUntilTheConnectorIsOpenedAgain() {
        database.execute("CREATE TABLE one AS SELECT 1 AS id", "CREATE TABLE other AS SELECT 2 AS id");

        for (int i = 0; i < 3; i++) {
            BatchSource rows = (BatchSource) connector.read(model("one"));
            assertThat(Rows.of(rows).values()).hasSize(1);
            assertThat(codes(rows)).containsExactly("read_by_cursor");
        }
        assertThat(proxy.asked("COPY")).isEqualTo(1);
        proxy.takeCopy();

        BatchSource other = (BatchSource) connector.read(model("other"));
        assertThat(Rows.of(other).values()).hasSize(1);
        assertThat(codes(other)).isEmpty();
        try (PostgresDatabase again = PostgresConfigs.open(proxy.database())) {
            BatchSource rows = (BatchSource) again.read(model("one"));
            assertThat(Rows.of(rows).values()).hasSize(1);
            assertThat(codes(rows)).isEmpty();
        }
    }

    @Test
    void whatIsNotAboutCopyIsNotAnsweredWithACursor() {
        database.execute("CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 3000) i");
        proxy.refuseCopy("42501", "permission denied for table orders");
        assertThat(Failures.of(() -> Rows.of(connector.read(model("orders")))).code())
                .isEqualTo("permission_denied");
        for (String state : List.of("57014", "53200", "22012", "40001", "57P01", "42P01")) {
            proxy.refuseCopy(state, "out of luck");
            assertThat(Failures.of(() -> Rows.of(connector.read(model("orders")))))
                    .isNotNull();
        }
        assertThat(proxy.asked("FETCH")).isZero();
        proxy.takeCopy();

        database.execute("CREATE VIEW midway AS SELECT 1 / (5000 - i) AS x FROM generate_series(1, 10000) i");
        assertThat(Failures.of(() -> Rows.of(connector.read(model("midway")))).detail())
                .contains("division by zero");
        assertThat(proxy.asked("FETCH")).isZero();
    }

    @Test
    void aQueryThatFailsEitherWayFailsWithItsOwnReasonAndIsNoRefusal() {
        database.execute("CREATE VIEW midway AS SELECT 1 / (5000 - i) AS x FROM generate_series(1, 10000) i");

        Failure failure = Failures.of(() -> Rows.of(connector.read(model("midway"))));
        assertThat(failure.detail()).contains("division by zero").doesNotContain(COCKROACH);

        database.execute("CREATE VIEW atonce AS SELECT 1 / i AS x FROM generate_series(0, 10) i");
        assertThat(Failures.of(() -> Rows.of(connector.read(model("atonce")))).detail())
                .contains("division by zero");
        proxy.takeCopy();
        assertThat(proxy.asked("COPY")).isEqualTo(2);
        Failures.of(() -> Rows.of(connector.read(model("atonce"))));
        assertThat(proxy.asked("COPY")).isEqualTo(3);
        Failure placed = Failures.of(
                () -> Rows.of(connector.read(Map.of("query", "SELECT 1 / i AS x FROM generate_series(0, 1) i"))));
        assertThat(placed).isInstanceOf(Failure.Unreadable.class);
    }

    @Test
    void seesOneSnapshotFromTheMomentItIsOpened() {
        database.execute("CREATE TABLE moving (id int)", "INSERT INTO moving VALUES (1)");

        RowSource source = connector.read(model("moving"));
        database.execute("INSERT INTO moving VALUES (2)");

        assertThat(Rows.of(source).values()).hasSize(1);
        assertThat(Rows.of(connector.read(model("moving"))).values()).hasSize(2);
    }

    @Test
    void rowsOfAnyWidthComeWithoutHoldingManyOfThem() {
        database.execute(
                "CREATE TABLE wide AS SELECT i, repeat('é', CASE WHEN i % 500 < 100 THEN 200000 ELSE 3 END) AS t"
                        + " FROM generate_series(1, 1000) i");

        List<List<@Nullable String>> rows = Rows.of(
                        connector.read(Map.of("query", "SELECT i, length(t), octet_length(t), t FROM wide ORDER BY i")))
                .values();

        assertThat(rows).hasSize(1000).allSatisfy(row -> assertThat(row.get(3)).hasSize(Integer.parseInt(row.get(1))));
    }

    @Test
    void rowsThatGrowTooFastFailOnceAndAreThenAskedForAFewAtATime() {
        database.execute("CREATE TABLE jump AS SELECT i, CASE WHEN i > 1000 THEN repeat('x', 5000000) END AS t"
                + " FROM generate_series(1, 1030) i");

        assertThat(Failures.of(() -> Rows.of(connector.read(model("jump")))))
                .isInstanceOfSatisfying(Failure.Source.class, failure -> {
                    assertThat(failure.code()).isEqualTo("rows_too_wide");
                    assertThat(failure.retryable()).isTrue();
                });
        assertThat(Rows.of(connector.read(model("jump"))).values()).hasSize(1030);

        database.execute("CREATE TABLE giant AS SELECT repeat('x', 70000000) AS t");
        Failures.of(() -> Rows.of(connector.read(model("giant"))));
        assertThat(Failures.of(() -> Rows.of(connector.read(model("giant"))))).satisfies(failure -> {
            assertThat(failure.code()).isEqualTo("rows_too_wide");
            assertThat(failure.retryable()).isFalse();
        });
    }

    @Test
    void closingItMidwayStopsTheStatementAtTheServerAndFreesTheConnection() throws Exception {
        try (PostgresDatabase small = PostgresConfigs.open(proxy.database(), "pool_size", 1, "max_overflow", 0)) {
            BatchSource rows = (BatchSource) small.read(Map.of(
                    "query", "SELECT i, pg_sleep(CASE WHEN i > 3 THEN 60 ELSE 0 END) FROM generate_series(1, 9) i"));
            Thread closer = new Thread(() -> {
                await().until(() -> running("FETCH%") == 1);
                rows.close();
            });
            closer.start();

            assertThat(Failures.of(() -> Rows.of(rows))).isInstanceOf(Failure.Cancelled.class);

            closer.join();
            await().until(() -> running("FETCH%") == 0);
            assertThat(small.models(Map.of()).path("items")).isEmpty();
        }
    }

    @Test
    void aSourceThatDiesMidwayIsAFailureOnEitherWay() {
        database.execute(
                "CREATE TABLE orders AS SELECT i AS id, repeat('x', 100) AS t FROM generate_series(1, 50000) i");
        for (boolean refused : List.of(true, false)) {
            if (!refused) {
                proxy.takeCopy();
            }
            for (long cut : List.of(20_000L, 300_000L, 2_000_000L)) {
                try (PostgresProxy frail = new PostgresProxy(proxy.database()).cutAfter(cut);
                        PostgresDatabase cutOff = PostgresConfigs.open(frail.database())) {
                    assertThat(Failures.of(() -> Rows.of(cutOff.read(model("orders")))))
                            .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.retryable())
                                    .isTrue());
                }
            }
        }
    }

    @Test
    void aStatementThatTheServerEndsIsAFailureNotAnEnd() throws Exception {
        database.execute("CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 100000) i");
        BatchSource rows = (BatchSource) connector.read(
                Map.of("query", "SELECT id, pg_sleep(CASE WHEN id = 9000 THEN 60 ELSE 0 END) FROM orders"));
        Thread ender = new Thread(() -> {
            await().until(() -> running("FETCH%") == 1 && slept());
            database.executeAsSuperuser("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = '"
                    + database.username() + "'");
        });
        ender.start();

        assertThat(Failures.of(() -> Rows.of(rows)))
                .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.layer())
                        .isEqualTo(Layer.READ));
        ender.join();
    }

    private boolean slept() throws SQLException {
        return count("wait_event = 'PgSleep'", "%") == 1;
    }

    private int running(String query) throws SQLException {
        return count("state = 'active'", query);
    }

    private int count(String condition, String query) throws SQLException {
        try (Connection connection = database.connectAsSuperuser();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = ? AND query LIKE ? AND " + condition)) {
            statement.setString(1, database.username());
            statement.setString(2, query);
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getInt(1);
            }
        }
    }
}
