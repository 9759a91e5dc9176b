package dev.serai.connector.sql.mariadb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.ReadProgress;
import dev.serai.rows.RowScan;
import dev.serai.testing.Duck;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** Tables read over several connections by ranges of their keys: each row once, of one moment. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParallelMariaReadTest {
    final MariaDb.Database database = another();
    final MariaDatabase connector = MariaConfigs.open(database);

    /** A new database of the server that is read. */
    MariaDb.Database another() {
        return MariaDb.database();
    }

    @BeforeAll
    void create() {
        database.execute(
                "CREATE TABLE digits (d int)",
                "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
                "CREATE TABLE numbers (seq int PRIMARY KEY)",
                "INSERT INTO numbers SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d"
                        + " FROM digits a, digits b, digits c, digits e, digits f WHERE f.d < 2",
                "CREATE TABLE accounts (id int PRIMARY KEY, amount int, filler text)",
                "INSERT INTO accounts SELECT seq + 1, 100, repeat('x', 200) FROM numbers",
                "CREATE TABLE negative (id bigint PRIMARY KEY, amount int)",
                "INSERT INTO negative SELECT -9223372036854775808 + CAST(seq AS signed), 1 FROM numbers WHERE seq < 10000",
                "CREATE TABLE gaps (id bigint PRIMARY KEY, amount int)",
                "INSERT INTO gaps SELECT IF(seq < 5000, seq, seq + 4611686018427387904), 1 FROM numbers"
                        + " WHERE seq BETWEEN 1 AND 10000",
                "INSERT INTO gaps VALUES (-4611686018427387904, 1)",
                "CREATE TABLE endless (id bigint unsigned zerofill PRIMARY KEY, amount int)",
                "INSERT INTO endless SELECT 18446744073709551615 - seq, 1 FROM numbers WHERE seq < 10000",
                "CREATE TABLE tenants (tenant int, id int, amount int, PRIMARY KEY (tenant, id))",
                "INSERT INTO tenants SELECT seq % 3 = 0, seq, 1 FROM numbers WHERE seq BETWEEN 1 AND 12000",
                "CREATE TABLE nothing (id int PRIMARY KEY)",
                "CREATE TABLE single (id int PRIMARY KEY) SELECT 1 AS id",
                "CREATE TABLE keyless AS SELECT * FROM accounts",
                "CREATE TABLE named (name varchar(20) PRIMARY KEY) SELECT CONCAT('n', seq) AS name FROM numbers"
                        + " WHERE seq < 9000",
                "CREATE TABLE following (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES accounts (id) ON DELETE CASCADE)",
                "CREATE TABLE simple (id int PRIMARY KEY) ENGINE = MyISAM",
                "CREATE VIEW seen AS SELECT * FROM negative");
    }

    @AfterAll
    void close() {
        connector.close();
    }

    int rounds() {
        return 15;
    }

    @Test
    void seesOneMomentWhileRowsAreWrittenMovedAndDeleted() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int half = i;
            writers.add(CompletableFuture.runAsync(() -> write(new Random(half), half * 10_000, over)));
        }
        int split = 0;
        try (Connection duckdb = Duck.open()) {
            for (int round = 0; round < rounds(); round++) {
                BatchSource source = read(connector, "accounts", 3, Map.of());
                split += source.connections() == 3 ? 1 : 0;
                assertThat(sums(duckdb, source)).as("round %d", round).containsExactly(20_000L, 20_000L, "2000000");
            }
        } finally {
            over.set(true);
        }
        writers.forEach(CompletableFuture::join);
        assertThat(split).isPositive();
    }

    /** Each transaction leaves the number of rows and the sum of their amounts as they were. */
    private void write(Random random, int above, AtomicBoolean over) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!over.get()) {
                int amount = random.nextInt(50);
                int from = above + 1 + random.nextInt(9_000);
                int to = from + 1 + random.nextInt(900);
                boolean moved = wrote(
                        statement,
                        "UPDATE accounts SET amount = amount - " + amount + " WHERE id = " + from,
                        "UPDATE accounts SET amount = amount + " + amount + " WHERE id = " + to,
                        "INSERT INTO accounts SELECT id + 1000000, amount, filler FROM accounts WHERE id = " + from,
                        "DELETE FROM accounts WHERE id = " + from);
                while (moved
                        && !wrote(
                                statement, "UPDATE accounts SET id = id - 1000000 WHERE id = " + (from + 1_000_000))) {
                    // Of two that wait for one another the server gives up one.
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the transaction was committed. */
    private static boolean wrote(Statement statement, String... changes) throws SQLException {
        try {
            for (String change : changes) {
                statement.execute(change);
            }
            statement.getConnection().commit();
            return true;
        } catch (SQLTransactionRollbackException e) {
            statement.getConnection().rollback();
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"negative, 10000", "gaps, 10001", "endless, 10000", "tenants, 12000"})
    void readsEachRowOnceHoweverItsKeysLie(String table, long rows) throws SQLException {
        BatchSource source = read(connector, table, 3, Map.of());
        assertThat(source.notes()).isEmpty();
        assertThat(source.connections()).isEqualTo(3);
        try (Connection duckdb = Duck.open()) {
            assertThat(sums(duckdb, source)).containsExactly(rows, rows, String.valueOf(rows));
            assertThat(sums(duckdb, read(connector, table, 2, Map.of("filter", "amount = 1 or id = 0"))))
                    .containsExactly(rows, rows, String.valueOf(rows));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, 0, too small",
        "single, 1, too small",
        "keyless, 20000, primary key",
        "named, 9000, primary key",
        "following, 0, foreign key",
        "simple, 0, InnoDB",
        "seen, 10000, InnoDB"
    })
    void whatIsNotSplitIsReadOverOneConnectionAndSaysWhy(String model, int rows, String why) {
        BatchSource source = read(connector, model, 2, Map.of());
        assertThat(source.connections()).isEqualTo(1);
        assertThat(source.notes()).singleElement().satisfies(note -> {
            assertThat(note.code()).isEqualTo("fewer_connections");
            assertThat(note.detail()).contains(why);
        });
        assertThat(Rows.of(source).values()).hasSize(rows);
    }

    @Test
    void withoutTheRightToLockTheTableOneConnectionReads() throws SQLException {
        String reader = "only_" + database.name();
        database.executeAsAdmin(
                "CREATE USER '" + reader + "'@'%' IDENTIFIED BY 'secret-of-reader'",
                "GRANT SELECT ON `" + database.name() + "`.negative TO '" + reader + "'@'%'");
        try (MariaDatabase limited = MariaConfigs.open(database, "username", reader, "password", "secret-of-reader")) {
            BatchSource source = read(limited, "negative", 2, Map.of());
            assertThat(source.notes().get(0).detail()).contains("LOCK TABLES");
            assertThat(Rows.of(source).values()).hasSize(10_000);
        }
    }

    @Test
    void aWriterThatDoesNotEndHoldsUpNobody() throws SQLException {
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE negative SET amount = 2 LIMIT 1");
            BatchSource source = read(connector, "negative", 2, Map.of());
            assertThat(source.notes().get(0).detail()).contains("a writer");
            assertThat(Rows.of(source).values()).hasSize(10_000);
            writer.rollback();
        }
    }

    @Test
    void takesWhatThePoolHasToSpareAndGivesItBack() throws Exception {
        for (int most = 1; most <= 5; most++) {
            try (MariaDatabase pooled =
                    MariaConfigs.open(database, "pool_size", 1, "max_overflow", most - 1, "connect_timeout", 1)) {
                BatchSource source = read(pooled, "negative", 2, Map.of());
                assertThat(source.connections()).as("of %d", most).isEqualTo(most < 4 ? 1 : 2);
                Failure failure = Failures.of(() -> counted(source, rows -> source.close()));
                assertThat(failure).isInstanceOf(Failure.Cancelled.class);
                allConnectionsAreBack(pooled, most);
            }
        }
    }

    @Test
    void whenOneConnectionIsKilledTheReadFailsAsThatAndTheNextOneWorks() throws Exception {
        database.execute(
                "CREATE TABLE big (id int PRIMARY KEY, amount int, filler text)",
                "INSERT INTO big SELECT seq, 1, repeat('x', 2000) FROM numbers",
                "ANALYZE TABLE big");
        try (MariaDatabase pooled =
                MariaConfigs.open(database, "pool_size", 1, "max_overflow", 4, "connect_timeout", 1)) {
            for (int i = 0; i < 3; i++) {
                int victim = i;
                BatchSource source = read(pooled, "big", 3, Map.of());
                assertThat(source.connections()).isEqualTo(3);
                AtomicBoolean done = new AtomicBoolean();
                Failure failure = Failures.of(() -> counted(source, rows -> {
                    if (rows > 2000 && done.compareAndSet(false, true)) {
                        kill(victim);
                    }
                }));
                assertThat(failure.code()).as(failure.detail()).isIn("connection_lost", "unavailable");
                assertThat(failure.retryable()).isTrue();
                allConnectionsAreBack(pooled, 5);
                try (Connection duckdb = Duck.open()) {
                    assertThat(sums(duckdb, read(pooled, "big", 3, Map.of())))
                            .containsExactly(20_000L, 20_000L, "20000");
                }
            }
        }
    }

    /** Of those that read, in the order of their numbers. */
    private void kill(int victim) {
        try (Connection admin = database.connectAsAdmin();
                Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT ID FROM information_schema.INNODB_TRX JOIN information_schema.PROCESSLIST"
                                + " ON ID = trx_mysql_thread_id WHERE USER = '" + database.username()
                                + "' ORDER BY ID LIMIT " + victim + ", 1")) {
            assertThat(row.next()).isTrue();
            String id = row.getString(1);
            statement.execute("KILL CONNECTION " + id);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void allConnectionsAreBack(MariaDatabase connector, int most) throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            all.add(connector.getConnection());
        }
        for (Connection one : all) {
            one.close();
        }
    }

    private static void counted(BatchSource source, ReadProgress progress) throws SQLException {
        try (Connection duckdb = Duck.open();
                RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), progress)) {
            try {
                Duck.rows(duckdb, "SELECT count(*), max(id) FROM " + scan.relation());
            } catch (SQLException e) {
                throw scan.failure(e);
            }
        }
    }

    static List<Object> sums(Connection duckdb, BatchSource source) throws SQLException {
        try (RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), rows -> {})) {
            return Duck.rows(
                            duckdb, "SELECT count(*), count(DISTINCT id), sum(amount)::VARCHAR FROM " + scan.relation())
                    .get(0);
        }
    }

    BatchSource read(MariaDatabase connector, String table, int parallelism, Map<String, Object> more) {
        Map<String, Object> request = new HashMap<>(more);
        request.putAll(MariaConfigs.model(database, table));
        request.put("parallelism", parallelism);
        return (BatchSource) connector.read(request);
    }
}
