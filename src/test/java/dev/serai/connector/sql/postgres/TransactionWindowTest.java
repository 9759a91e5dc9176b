package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** Windows by {@code xmin}: what is committed late is found by the next read, whatever came in between. */
@Timeout(60)
class TransactionWindowTest {
    private static final Postgres SERVER = Postgres.start(Map.of("max_prepared_transactions", "10"));
    private static final Postgres.Database DATABASE = SERVER.newDatabase();
    private static final PostgresProxy PROXY =
            new PostgresProxy(DATABASE).refuseCopy("0A000", "unimplemented: binary format for COPY TO not implemented");
    private static final PostgresDatabase COPYING = PostgresConfigs.open(DATABASE);
    private static final PostgresDatabase FETCHING = PostgresConfigs.open(PROXY.database());
    private static final Connection DUCKDB = duckdb();

    private static Connection duckdb() {
        try {
            return Duck.open();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void close() throws SQLException, IOException {
        DUCKDB.close();
        COPYING.close();
        FETCHING.close();
        PROXY.close();
        SERVER.close();
    }

    @BeforeEach
    void table() {
        DATABASE.execute("DROP TABLE IF EXISTS t CASCADE", "CREATE TABLE t (id int PRIMARY KEY, v text)");
    }

    /** One that a failed test has left would keep its locks. */
    @AfterEach
    void endPrepared() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            List<String> left = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT gid FROM pg_prepared_xacts")) {
                while (row.next()) {
                    left.add(row.getString(1));
                }
            }
            for (String name : left) {
                statement.execute("ROLLBACK PREPARED '" + name + "'");
            }
        }
    }

    /** What a dataset with a key would hold after each read: a stand-in for the lake's merge. */
    private static final class Follower {
        final Map<String, String> rows = new HashMap<>();
        private final PostgresDatabase connector;
        private final String model;
        private @Nullable String position;

        Follower(PostgresDatabase connector, String model) {
            this.connector = connector;
            this.model = model;
        }

        /** @return how many rows came */
        int read() {
            Map<String, Object> window = new LinkedHashMap<>(Map.of("column", "xmin", "nulls", true));
            if (position != null) {
                window.put("from", position);
            }
            BatchSource source = (BatchSource) connector.read(Map.of(
                    "model",
                    Map.of("schema", "public", "name", model),
                    "columns",
                    List.of("id", "v"),
                    "window",
                    window));
            position = source.position().orElseThrow();
            List<List<@Nullable String>> values = Rows.of(source, DUCKDB).values();
            values.forEach(row -> rows.put(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
            return values.size();
        }
    }

    private static Map<String, String> source(String model) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, v FROM " + model)) {
            while (row.next()) {
                rows.put(row.getString(1), row.getString(2));
            }
        }
        return rows;
    }

    private static Connection begin() throws SQLException {
        Connection connection = DATABASE.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsWhatWasCommittedLateAndPassesOverTheRest(boolean cursor) throws SQLException {
        DATABASE.execute("INSERT INTO t SELECT i, 'old' FROM generate_series(1, 1000) i");
        Follower follower = new Follower(cursor ? FETCHING : COPYING, "t");
        assertThat(follower.read()).isEqualTo(1000);
        assertThat(follower.read()).isZero();

        try (Connection late = begin();
                Connection later = begin()) {
            run(late, "INSERT INTO t VALUES (2001, 'late')", "UPDATE t SET v = 'late' WHERE id = 1");
            run(later, "INSERT INTO t VALUES (2002, 'later')");
            DATABASE.execute("INSERT INTO t VALUES (2003, 'at once')");
            for (int i = 0; i < 3; i++) {
                DATABASE.execute("UPDATE t SET v = '" + i + "' WHERE id = 2");
                // Whatever was committed since the oldest that is under way comes each time.
                assertThat(follower.read()).isEqualTo(2);
                assertThat(follower.rows).isEqualTo(source("t"));
            }
            later.commit();
            assertThat(follower.read()).isEqualTo(3);
            late.commit();
            assertThat(follower.read()).isEqualTo(5);
        }
        assertThat(follower.rows).isEqualTo(source("t"));
        assertThat(follower.read()).isZero();
    }

    @Test
    void findsWhatSubtransactionsAndPreparedOnesWrote() throws SQLException {
        Follower follower = new Follower(COPYING, "t");
        follower.read();
        try (Connection nested = begin();
                Connection prepared = begin()) {
            run(nested, "INSERT INTO t VALUES (1, 'outer')");
            Savepoint savepoint = nested.setSavepoint();
            run(nested, "INSERT INTO t VALUES (2, 'undone')");
            nested.rollback(savepoint);
            nested.setSavepoint();
            run(nested, "INSERT INTO t VALUES (3, 'inner')");
            run(prepared, "INSERT INTO t VALUES (4, 'prepared')", "PREPARE TRANSACTION 'two'");
            DATABASE.execute("INSERT INTO t VALUES (5, 'at once')");
            follower.read();
            assertThat(follower.rows).containsOnlyKeys("5");

            nested.commit();
            DATABASE.execute("VACUUM (FREEZE) t");
            follower.read();
            assertThat(follower.rows).containsOnlyKeys("1", "3", "5");
            follower.read();
            DATABASE.execute("COMMIT PREPARED 'two'");
            follower.read();
        }
        assertThat(follower.rows).isEqualTo(source("t")).hasSize(4);
    }

    @Test
    void findsRowsThatWereFrozenMeanwhile() throws SQLException {
        Follower follower = new Follower(COPYING, "t");
        DATABASE.execute("INSERT INTO t VALUES (1, 'a')");
        follower.read();
        DATABASE.execute("INSERT INTO t VALUES (2, 'b')", "VACUUM (FREEZE) t");
        assertThat(follower.read()).isEqualTo(1);
        DATABASE.execute("INSERT INTO t VALUES (3, 'c')", "VACUUM (FULL, FREEZE) t");
        follower.read();
        assertThat(follower.rows).isEqualTo(source("t")).hasSize(3);
    }

    /** Where a source knows no savepoints, a refused COPY costs the snapshot that the position was told of. */
    @Test
    void aPositionThatIsOlderThanTheRowsMissesNone() throws SQLException {
        try (PostgresProxy proxy = new PostgresProxy(DATABASE)
                        .refuseCopy("0A000", "unimplemented")
                        .refuseSavepoints("0A000", "savepoints are not supported");
                PostgresDatabase connector = PostgresConfigs.open(proxy.database())) {
            Map<String, Object> request = new LinkedHashMap<>(Map.of(
                    "model",
                    Map.of("schema", "public", "name", "t"),
                    "window",
                    Map.of("column", "xmin", "nulls", true)));
            BatchSource first = (BatchSource) connector.read(request);
            DATABASE.execute("INSERT INTO t VALUES (1, 'between')");
            String position = first.position().orElseThrow();
            assertThat(Rows.of(first, DUCKDB).values()).hasSize(1);
            request.put("window", Map.of("column", "xmin", "from", position, "nulls", true));
            BatchSource second = (BatchSource) connector.read(request);
            DATABASE.execute("INSERT INTO t VALUES (2, 'between')");
            request.put(
                    "window", Map.of("column", "xmin", "from", second.position().orElseThrow(), "nulls", true));
            assertThat(Rows.of(second, DUCKDB).values())
                    .extracting(row -> row.get(0))
                    .contains("1");
            assertThat(Rows.of(connector.read(request), DUCKDB).values())
                    .extracting(row -> row.get(0))
                    .contains("2");
        }
    }

    /** Many transactions at a time, in an order that chance decides. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void followsWhateverHappens(long seed) throws SQLException {
        Random random = new Random(seed);
        Follower[] followers = {new Follower(COPYING, "t"), new Follower(FETCHING, "t")};
        Connection[] writers = {begin(), begin(), begin(), begin(), begin()};
        try {
            for (int step = 0; step < 400; step++) {
                int number = random.nextInt(writers.length);
                Connection writer = writers[number];
                switch (random.nextInt(12)) {
                    case 0, 1 -> writer.commit();
                    case 2 -> writer.rollback();
                    case 3 -> writer.setSavepoint();
                    case 4 -> followers[random.nextInt(2)].read();
                    case 5 -> {
                        if (random.nextInt(10) == 0) {
                            DATABASE.execute("VACUUM (FREEZE) t");
                        }
                    }
                    default ->
                        // Each writes rows of its own, so that none waits for another.
                        run(
                                writer,
                                "INSERT INTO t VALUES (" + (number * 100 + random.nextInt(20)) + ", '" + step
                                        + "') ON CONFLICT (id) DO UPDATE SET v = excluded.v");
                }
            }
            for (Connection writer : writers) {
                writer.commit();
                followers[0].read();
            }
        } finally {
            for (Connection writer : writers) {
                writer.close();
            }
        }
        for (Follower follower : followers) {
            follower.read();
            assertThat(follower.rows).isEqualTo(source("t"));
        }
    }

    @Test
    void readsAllAfterATableWasMadeAnew() throws SQLException {
        Follower follower = new Follower(COPYING, "t");
        DATABASE.execute(
                "INSERT INTO t SELECT i, 'x' FROM generate_series(1, 100) i",
                "CREATE TABLE other (id int PRIMARY KEY, v text)",
                "INSERT INTO other SELECT i, 'y' FROM generate_series(50, 150) i");
        follower.read();
        assertThat(follower.read()).isZero();
        DATABASE.execute("ALTER TABLE t RENAME TO before", "ALTER TABLE other RENAME TO t");
        assertThat(follower.read()).isEqualTo(101);
        DATABASE.execute("ANALYZE t", "VACUUM t", "CREATE INDEX ON t (v)");
        assertThat(follower.read()).isZero();
        // The old rows have the new column's default without having been written.
        DATABASE.execute("ALTER TABLE t DROP COLUMN v", "ALTER TABLE t ADD COLUMN v text DEFAULT 'z'");
        assertThat(follower.read()).isEqualTo(101);
        assertThat(follower.rows).containsEntry("50", "z");
        DATABASE.execute("DROP TABLE before");
    }

    @Test
    void followsPartitionsAndMaterializedViews() throws SQLException {
        DATABASE.execute(
                "DROP TABLE IF EXISTS parts",
                "CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_1_1 PARTITION OF parts_1 FOR VALUES FROM (0) TO (50)",
                "INSERT INTO parts SELECT i, 'x' FROM generate_series(1, 10) i",
                "CREATE TABLE parts_2 (id int PRIMARY KEY, v text)",
                "INSERT INTO parts_2 SELECT i, 'y' FROM generate_series(101, 105) i",
                "CREATE MATERIALIZED VIEW held AS SELECT * FROM parts");
        Follower parts = new Follower(COPYING, "parts");
        Follower held = new Follower(FETCHING, "held");
        assertThat(parts.read()).isEqualTo(10);
        assertThat(held.read()).isEqualTo(10);
        DATABASE.execute("INSERT INTO parts VALUES (11, 'z')");
        assertThat(parts.read()).isEqualTo(1);
        assertThat(held.read()).isZero();
        DATABASE.execute(
                "ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM (100) TO (200)",
                "REFRESH MATERIALIZED VIEW held");
        parts.read();
        held.read();
        assertThat(parts.rows).isEqualTo(source("parts")).hasSize(16);
        assertThat(held.rows).isEqualTo(parts.rows);
        assertThat(parts.read()).isZero();
        DATABASE.execute("DROP MATERIALIZED VIEW held", "DROP TABLE parts");
    }

    @Test
    void refusesWhatKeepsNoTransactions() {
        DATABASE.executeAsSuperuser(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw",
                "GRANT USAGE ON FOREIGN SERVER far TO " + DATABASE.username());
        DATABASE.execute(
                "CREATE VIEW seen AS SELECT *, xmin FROM t",
                "CREATE FOREIGN TABLE remote (id int) SERVER far",
                "CREATE TABLE mixed (id int) PARTITION BY RANGE (id)",
                "CREATE FOREIGN TABLE mixed_1 PARTITION OF mixed FOR VALUES FROM (0) TO (1) SERVER far");
        for (String model : List.of("seen", "remote", "mixed")) {
            Failure failure = refusal(model, null, true);
            assertThat(failure.code()).as(model).isEqualTo("needs_watermark");
            assertThat(failure.detail()).contains("public." + model).contains("xmin");
        }
        assertThat(refusal("t", null, false).detail()).contains("key");
        assertThat(refusal("t", "2026-01-01", true).code()).isEqualTo("bad_watermark");
        assertThat(refusal("t", "-1", true).code()).isEqualTo("bad_watermark");
        assertThat(Failures.of(() -> COPYING.read(Map.of(
                                "query", "SELECT *, xmin FROM t", "window", Map.of("column", "xmin", "nulls", true))))
                        .code())
                .isEqualTo("needs_watermark");
    }

    private static Failure refusal(String model, @Nullable String from, boolean nulls) {
        Map<String, Object> window = new LinkedHashMap<>(Map.of("column", "xmin", "nulls", nulls));
        if (from != null) {
            window.put("from", from);
        }
        return Failures.of(
                () -> COPYING.read(Map.of("model", Map.of("schema", "public", "name", model), "window", window)));
    }

    @ParameterizedTest
    @CsvSource({
        // from, next, a row's xmin, whether it is in the window
        "100, 200, 99, false",
        "100, 200, 100, true",
        "100, 200, 199, true",
        "100, 200, 200, false",
        "100, 100, 100, false",
        // the counter went past 2^32 in between
        "4294967290, 4294967306, 4294967289, false",
        "4294967290, 4294967306, 4294967290, true",
        "4294967290, 4294967306, 4294967295, true",
        "4294967290, 4294967306, 3, true",
        "4294967290, 4294967306, 9, true",
        "4294967290, 4294967306, 10, false",
        // some epochs on
        "12884901893, 12884901900, 5, true",
        "12884901893, 12884901900, 4, false",
        "12884901893, 12884901900, 12, false",
        "4294967296, 4294967300, 0, true",
        // so many that 2^31 - 1 of them lie in the window
        "3, 2147483650, 2147483649, true",
        "3, 2147483650, 2147483650, false",
        "3, 2147483650, 4294967295, false",
        "3000000000, 5147483647, 2999999999, false",
        "3000000000, 5147483647, 852516350, true",
        "3000000000, 5147483647, 852516351, false"
    })
    void countsModulo32Bits(long from, long next, String xmin, boolean inside) throws SQLException {
        String condition = new TransactionWindow(from, next, List.of()).condition(BigInteger.valueOf(from));

        assertThat(condition).isNotNull();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + condition + " FROM (SELECT '" + xmin + "'::xid AS xmin) AS row")) {
            row.next();
            assertThat(row.getBoolean(1)).isEqualTo(inside);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2147483651, 0", // 2^31 apart
        "3, 4294967299, 0",
        "3, 99999999999, 0",
        "201, 200, 0", // of a server that is ahead
        "18446744073709551615, 200, 0",
        "99999999999999999999, 200, 0",
        "100, 200, 100", // defined since
        "100, 200, 199",
        "4294967290, 4294967306, 5"
    })
    void readsAllWhereTheNumbersTellNothing(BigInteger from, long next, long made) {
        assertThat(new TransactionWindow(3, next, List.of(made)).condition(from))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"100, 200, 99", "100, 200, 200", "4294967290, 4294967306, 10", "100, 200, 3000000000"})
    void anOldDefinitionChangesNothing(BigInteger from, long next, long made) {
        assertThat(new TransactionWindow(3, next, List.of(made)).condition(from))
                .isNotNull();
    }
}
