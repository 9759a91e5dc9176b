package dev.serai.connector.sql.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowScan;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tables read over several connections: each row once, of one moment, whatever happens meanwhile. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ParallelReadTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresDatabase CONNECTOR = PostgresConfigs.open(DATABASE);

    @BeforeAll
    static void create() {
        DATABASE.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY, amount int, filler text)",
                "INSERT INTO accounts SELECT i, 100, repeat('x', 200) FROM generate_series(1, 20000) i",
                "CREATE TABLE parent (id int, amount int, filler text)",
                "CREATE TABLE child (more text, extra int) INHERITS (parent)",
                "INSERT INTO parent SELECT i, 1, repeat('p', 200) FROM generate_series(1, 5000) i",
                "INSERT INTO child SELECT i, 2, repeat('c', 200), 'm', 1 FROM generate_series(5001, 12000) i",
                "CREATE TABLE parts (id int, amount int, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE first PARTITION OF parts FOR VALUES FROM (0) TO (5000)",
                "CREATE TABLE others PARTITION OF parts DEFAULT PARTITION BY LIST (amount)",
                "CREATE TABLE turned (filler text, gone int, amount int, id int)",
                "ALTER TABLE turned DROP COLUMN gone",
                "ALTER TABLE others ATTACH PARTITION turned DEFAULT",
                "INSERT INTO parts SELECT i, i % 7, repeat('p', 200) FROM generate_series(1, 12000) i",
                "CREATE TABLE wide (id int, filler text)",
                "ALTER TABLE wide ALTER filler SET STORAGE EXTERNAL",
                "INSERT INTO wide SELECT i, repeat('w', CASE WHEN i = 77 THEN 20000000 ELSE 20000 END) FROM generate_series(1, 300) i",
                "CREATE TABLE empty (id int)",
                "CREATE TABLE single AS SELECT 1 AS id",
                "CREATE VIEW seen AS TABLE accounts",
                "CREATE MATERIALIZED VIEW kept AS TABLE accounts",
                "CREATE TABLE secured AS TABLE accounts",
                "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE secured FORCE ROW LEVEL SECURITY",
                "CREATE POLICY even ON secured USING (id % 2 = 0)",
                "ANALYZE");
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @Test
    void seesOneMomentWhileRowsAreWrittenMovedAndDeleted() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int half = i;
            writers.add(CompletableFuture.runAsync(() -> write(new Random(half), half * 10_000, over)));
        }
        try (Connection duckdb = Duck.open()) {
            for (int round = 0; round < 25; round++) {
                BatchSource source = read("accounts", 4, Map.of());
                assertThat(source.connections()).isEqualTo(4);
                assertThat(sums(duckdb, source)).as("round %d", round).containsExactly(20_000L, 20_000L, "2000000");
                assertThat(source.notes()).isEmpty();
            }
        } finally {
            over.set(true);
        }
        writers.forEach(CompletableFuture::join);
    }

    /**
     * Each transaction leaves the number of rows and the sum of their amounts as they were.
     *
     * @param above its rows have ids of their own: what another writer moves, an update that waits for it does not find
     */
    private static void write(Random random, int above, AtomicBoolean over) {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!over.get()) {
                int amount = random.nextInt(50);
                int from = above + 1 + random.nextInt(9_000);
                int to = from + 1 + random.nextInt(900);
                statement.execute("UPDATE accounts SET amount = amount - " + amount + " WHERE id = " + from);
                statement.execute("UPDATE accounts SET amount = amount + " + amount + ", filler = repeat('y', "
                        + (100 + random.nextInt(200)) + ") WHERE id = " + to);
                statement.execute("WITH moved AS (DELETE FROM accounts WHERE id BETWEEN " + from + " AND "
                        + (from + 30)
                        + " RETURNING *) INSERT INTO accounts SELECT -id, amount, filler FROM moved");
                statement.execute("UPDATE accounts SET id = -id WHERE id < 0");
                if (random.nextInt(4) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
                if (random.nextInt(200) == 0) {
                    connection.setAutoCommit(true);
                    statement.execute("VACUUM accounts");
                    connection.setAutoCommit(false);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parent | 12000 | ",
                "parts | 12000 | ",
                "parts | 6000 | parts.id % 2 = 0 -- half",
                "accounts | 10000 | id % 2 = 0"
            })
    void readsEachRowOnceOfTablesMadeOfOthers(String table, long rows, String filter) throws SQLException {
        Map<String, Object> chosen = new HashMap<>(Map.of("columns", List.of("filler", "id", "amount")));
        if (filter != null) {
            chosen.put("filter", filter);
        }
        try (Connection duckdb = Duck.open()) {
            BatchSource split = read(table, 3, chosen);
            assertThat(split.connections()).isEqualTo(3);
            List<Object> sums = sums(duckdb, split);

            assertThat(sums).startsWith(rows, rows).isEqualTo(sums(duckdb, read(table, 1, chosen)));
        }
    }

    @Test
    void readsRowsOfVeryUnevenWidth() throws SQLException {
        BatchSource source = read("wide", 2, Map.of());
        assertThat(source.connections()).isEqualTo(2);
        assertThat(Rows.of(source).values().stream()
                        .mapToLong(row -> String.valueOf(row.get(1)).length())
                        .sum())
                .isEqualTo(20_000_000 + 299 * 20_000);
    }

    @ParameterizedTest
    @CsvSource({
        "empty, 0, too small",
        "single, 1, too small",
        "seen, 20000, not",
        "kept, 20000, not",
        "secured, 10000, row-level"
    })
    void whatIsNotSplitIsReadOverOneConnectionAndSaysWhy(String model, int rows, String why) throws SQLException {
        BatchSource source = read(model, 4, Map.of());

        assertThat(source.connections()).isEqualTo(1);
        assertThat(source.notes()).extracting(RowNote::code).containsExactly("fewer_connections");
        assertThat(source.notes().get(0).detail())
                .startsWith("The rows were read over 1 of 4 connections")
                .contains(why);
        assertThat(Rows.of(source).values()).hasSize(rows);
    }

    @Test
    void childrenThatComputeAVirtualColumnOtherwiseAreReadThroughTheirParent() throws SQLException {
        DATABASE.execute(
                "CREATE TABLE sums (id int, amount int GENERATED ALWAYS AS (id + 1) VIRTUAL, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE sums_other (id int, amount int GENERATED ALWAYS AS (id + 1000) VIRTUAL, filler text)",
                "ALTER TABLE sums ATTACH PARTITION sums_other DEFAULT",
                "INSERT INTO sums (id, filler) SELECT i, repeat('s', 200) FROM generate_series(1, 9000) i");
        try (Connection duckdb = Duck.open()) {
            BatchSource source = read("sums", 3, Map.of());
            assertThat(source.notes().get(0).detail()).contains("virtual column");
            assertThat(sums(duckdb, source)).isEqualTo(sums(duckdb, read("sums", 1, Map.of())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parts", "parent"})
    void aFilterThatNamesTheSchemaIsTheParentsAlone(String model) throws SQLException {
        BatchSource source = read(model, 3, Map.of("filter", "public." + model + ".id % 2 = 0"));

        assertThat(source.notes().get(0).detail()).contains("the filter does not fit its partitions");
        assertThat(Rows.of(source).values()).hasSize(6000);
    }

    @Test
    void eachConnectionLocksWhatTheFilterRulesOutAndWaitsForOtherLocksAsEver() throws SQLException {
        BatchSource source =
                read("parts", 3, Map.of("filter", "id >= 5000 AND current_setting('lock_timeout') <> '3s'"));
        assertThat(source.connections()).isEqualTo(3);
        try (Connection connection = DATABASE.connectAsSuperuser();
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT count(DISTINCT pid) FROM pg_locks WHERE relation = 'first'::regclass")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(3);
        }
        assertThat(Rows.of(source).values()).hasSize(7001);
    }

    @Test
    void aTemporaryChildOfAnotherSessionIsLeftToTheServer() throws SQLException {
        DATABASE.execute(
                "CREATE TABLE elder (id int, filler text)",
                "INSERT INTO elder SELECT i, repeat('e', 200) FROM generate_series(1, 9000) i");
        try (Connection other = DATABASE.connect();
                Statement statement = other.createStatement();
                PostgresDatabase superuser =
                        PostgresConfigs.open(DATABASE, "username", "postgres", "password", "any")) {
            statement.execute("CREATE TEMPORARY TABLE passing () INHERITS (elder)");
            statement.execute("INSERT INTO passing VALUES (1, 'x')");
            BatchSource source = read(superuser, "elder", 3, Map.of());

            assertThat(source.notes().get(0).detail()).contains("temporary");
            assertThat(Rows.of(source).values()).hasSize(9000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 17, 1000})
    void takesNoOtherNumberOfConnections(int parallelism) {
        assertThat(Failures.of(() -> read("accounts", parallelism, Map.of())))
                .isEqualTo(Failure.Invalid.of("/parallelism", "must be from 1 to 16"));
    }

    @Test
    void soAreAPartOfTheRowsAndAQuery() throws SQLException {
        for (Map<String, Object> more : List.<Map<String, Object>>of(
                Map.of("limit", 10),
                Map.of("filter", "id = 7"),
                Map.of("window", Map.of("column", "id", "from", "5", "nulls", false)))) {
            BatchSource source = read("parts", 2, more);
            boolean all = more.containsKey("filter");
            assertThat(source.notes()).hasSize(all ? 0 : 1);
            source.close();
        }
        BatchSource indexed = read("accounts", 2, Map.of("filter", "id = 7"));
        assertThat(indexed.notes().get(0).detail()).contains("an index");
        assertThat(Rows.of(indexed).values()).hasSize(1);
        BatchSource query = (BatchSource) CONNECTOR.read(Map.of("query", "TABLE single", "parallelism", 2));
        assertThat(query.notes().get(0).detail()).contains("a query");
        assertThat(Rows.of(query).values()).hasSize(1);
    }

    @Test
    void leavesOthersAConnectionAndWaitsForNone() throws Exception {
        for (int most = 1; most <= 5; most++) {
            try (PostgresDatabase connector =
                    PostgresConfigs.open(DATABASE, "pool_size", 1, "max_overflow", most - 1, "connect_timeout", 1)) {
                BatchSource source = read(connector, "accounts", 3, Map.of());
                assertThat(source.connections()).isEqualTo(Math.max(1, Math.min(3, most - 1)));
                assertThat(source.notes()).hasSize(most < 4 ? 1 : 0);
                if (most > 1) {
                    connector.models(Map.of());
                }
                source.close();
            }
        }
    }

    @Test
    void severalReadsAtOnceTakeWhatThereIs() throws Exception {
        try (PostgresDatabase connector = PostgresConfigs.open(DATABASE, "pool_size", 2, "max_overflow", 3)) {
            List<CompletableFuture<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                reads.add(CompletableFuture.supplyAsync(() -> {
                    int rows = 0;
                    for (int round = 0; round < 3; round++) {
                        rows += Rows.of(read(connector, "parent", 16, Map.of()))
                                .values()
                                .size();
                    }
                    return rows;
                }));
            }
            for (CompletableFuture<Integer> read : reads) {
                assertThat(read.get(40, TimeUnit.SECONDS)).isEqualTo(36_000);
            }
            allConnectionsAreBack(connector, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUNCATE accounts_copy", "REINDEX TABLE accounts_copy", "VACUUM FULL accounts_copy"})
    void whoeverWantsTheTableForItselfWaitsAndTheReadDoesNot(String statement) throws Exception {
        DATABASE.execute(
                "DROP TABLE IF EXISTS accounts_copy",
                "CREATE TABLE accounts_copy AS TABLE parent",
                "CREATE INDEX ON accounts_copy (id)");
        BatchSource source = read("accounts_copy", 3, Map.of());
        assertThat(source.connections()).isEqualTo(3);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> DATABASE.execute(statement));
        await().until(ParallelReadTest::someoneWaits);

        assertThat(Rows.of(source).values()).hasSize(12_000);
        waiting.get(20, TimeUnit.SECONDS);
    }

    private static boolean someoneWaits() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("SELECT FROM pg_locks WHERE NOT granted")
                    .next();
        }
    }

    @Test
    void whenOneConnectionIsKilledTheReadFailsAsThatAndAllAreGivenBack() throws Exception {
        DATABASE.execute(
                "CREATE TABLE IF NOT EXISTS big AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 60000) i");
        try (PostgresDatabase connector = PostgresConfigs.open(DATABASE, "pool_size", 1, "max_overflow", 4)) {
            for (int victim = 0; victim < 3; victim++) {
                BatchSource source = read(connector, "big", 3, Map.of());
                int offset = victim;
                AtomicBoolean done = new AtomicBoolean();
                Failure failure = Failures.of(() -> counted(source, rows -> {
                    if (rows > 4000 && done.compareAndSet(false, true)) {
                        kill(offset);
                    }
                }));
                assertThat(failure).isInstanceOf(Failure.Source.class);
                assertThat(failure.retryable()).isTrue();
                allConnectionsAreBack(connector, 5);
            }
        }
    }

    private static void kill(int offset) {
        DATABASE.executeAsSuperuser("SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity"
                + " WHERE datname = '" + DATABASE.name() + "' AND application_name = 'serai' AND query LIKE 'COPY%'"
                + " ORDER BY backend_start OFFSET " + offset + " LIMIT 1) v");
    }

    @Test
    void closingItMidwayStopsAllAtTheServer() throws Exception {
        DATABASE.execute(
                "CREATE TABLE IF NOT EXISTS big AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 60000) i");
        try (PostgresDatabase connector = PostgresConfigs.open(DATABASE, "pool_size", 1, "max_overflow", 4)) {
            BatchSource source = read(connector, "big", 3, Map.of());
            Failure failure = Failures.of(() -> counted(source, rows -> {
                if (rows > 4000) {
                    source.close();
                }
            }));
            assertThat(failure).isInstanceOf(Failure.Cancelled.class);
            allConnectionsAreBack(connector, 5);
        }
    }

    private static void allConnectionsAreBack(PostgresDatabase connector, int most) throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            all.add(connector.getConnection());
        }
        for (Connection one : all) {
            one.close();
        }
        await().untilAsserted(() -> {
            try (Connection connection = DATABASE.connectAsSuperuser();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = '"
                            + DATABASE.name() + "' AND query LIKE 'COPY%' AND state <> 'idle'")) {
                row.next();
                assertThat(row.getInt(1)).isZero();
            }
        });
    }

    private static void counted(BatchSource source, dev.serai.rows.ReadProgress progress) throws SQLException {
        try (Connection duckdb = Duck.open();
                RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), progress)) {
            try {
                Duck.rows(duckdb, "SELECT count(*), max(filler) FROM " + scan.relation());
            } catch (SQLException e) {
                throw scan.failure(e);
            }
        }
    }

    private static List<Object> sums(Connection duckdb, BatchSource source) throws SQLException {
        try (RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), rows -> {})) {
            return Duck.rows(
                            duckdb, "SELECT count(*), count(DISTINCT id), sum(amount)::VARCHAR FROM " + scan.relation())
                    .get(0);
        }
    }

    private static BatchSource read(String table, int parallelism, Map<String, Object> more) {
        return read(CONNECTOR, table, parallelism, more);
    }

    private static BatchSource read(
            PostgresDatabase connector, String table, int parallelism, Map<String, Object> more) {
        Map<String, Object> request = new HashMap<>(more);
        request.put("model", Map.of("schema", "public", "name", table));
        request.put("parallelism", parallelism);
        return (BatchSource) connector.read(request);
    }
}
