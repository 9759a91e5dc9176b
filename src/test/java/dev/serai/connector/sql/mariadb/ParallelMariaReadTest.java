package dev.serai.connector.sql.mariadb;

import java.nio.file.Path;
import java.sql.Connection;
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
class ParallelMariaReadTest {
    private static final MariaDb.Database DATABASE = MariaDb.database();
    private static final MariaDatabase CONNECTOR = MariaConfigs.open(DATABASE);

    @BeforeAll
    static void create() {
        DATABASE.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY, amount int, filler text)",
                "INSERT INTO accounts SELECT seq, 100, repeat('x', 200) FROM seq_1_to_20000",
                "CREATE TABLE negative (id bigint PRIMARY KEY, amount int)",
                "INSERT INTO negative SELECT -9223372036854775808 + CAST(seq AS signed), 1 FROM seq_0_to_9999",
                "CREATE TABLE gaps (id bigint PRIMARY KEY, amount int)",
                "INSERT INTO gaps SELECT IF(seq < 5000, seq, seq + 4611686018427387904), 1 FROM seq_1_to_10000",
                "INSERT INTO gaps VALUES (-4611686018427387904, 1)",
                "CREATE TABLE endless (id bigint unsigned zerofill PRIMARY KEY, amount int)",
                "INSERT INTO endless SELECT 18446744073709551615 - seq, 1 FROM seq_0_to_9999",
                "CREATE TABLE tenants (tenant int, id int, amount int, PRIMARY KEY (tenant, id))",
                "INSERT INTO tenants SELECT seq % 3 = 0, seq, 1 FROM seq_1_to_12000",
                "CREATE TABLE empty (id int PRIMARY KEY)",
                "CREATE TABLE single (id int PRIMARY KEY) SELECT 1 AS id",
                "CREATE TABLE keyless AS SELECT * FROM accounts",
                "CREATE TABLE named (name varchar(20) PRIMARY KEY) SELECT CONCAT('n', seq) AS name FROM seq_1_to_9000",
                "CREATE TABLE following (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES accounts (id) ON DELETE CASCADE)",
                "CREATE TABLE aria (id int PRIMARY KEY) ENGINE = Aria",
                "CREATE VIEW seen AS SELECT * FROM negative");
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
        int split = 0;
        try (Connection duckdb = Duck.open()) {
            for (int round = 0; round < 15; round++) {
                BatchSource source = read(CONNECTOR, "accounts", 3, Map.of());
                split += source.connections() == 3 ? 1 : 0;
                assertThat(sums(duckdb, source)).as("round %d", round).containsExactly(20_000L, 20_000L, "2000000");
            }
        } finally {
            over.set(true);
        }
        writers.forEach(CompletableFuture::join);
        assertThat(split).isGreaterThan(7);
    }

    /** Each transaction leaves the number of rows and the sum of their amounts as they were. */
    private static void write(Random random, int above, AtomicBoolean over) {
        try (Connection connection = DATABASE.connect();
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
        BatchSource source = read(CONNECTOR, table, 3, Map.of());
        assertThat(source.notes()).isEmpty();
        assertThat(source.connections()).isEqualTo(3);
        try (Connection duckdb = Duck.open()) {
            assertThat(sums(duckdb, source)).containsExactly(rows, rows, String.valueOf(rows));
            assertThat(sums(duckdb, read(CONNECTOR, table, 2, Map.of("filter", "amount = 1 or id = 0"))))
                    .containsExactly(rows, rows, String.valueOf(rows));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "empty, 0, too small",
        "single, 1, too small",
        "keyless, 20000, primary key",
        "named, 9000, primary key",
        "following, 0, foreign key",
        "aria, 0, InnoDB",
        "seen, 10000, InnoDB"
    })
    void whatIsNotSplitIsReadOverOneConnectionAndSaysWhy(String model, int rows, String why) {
        BatchSource source = read(CONNECTOR, model, 2, Map.of());
        assertThat(source.connections()).isEqualTo(1);
        assertThat(source.notes()).singleElement().satisfies(note -> {
            assertThat(note.code()).isEqualTo("fewer_connections");
            assertThat(note.detail()).contains(why);
        });
        assertThat(Rows.of(source).values()).hasSize(rows);
    }

    @Test
    void withoutTheRightToLockTheTableOneConnectionReads() throws SQLException {
        String reader = "only_" + DATABASE.name();
        DATABASE.executeAsAdmin(
                "CREATE USER '" + reader + "'@'%' IDENTIFIED BY 'secret-of-reader'",
                "GRANT SELECT ON `" + DATABASE.name() + "`.negative TO '" + reader + "'@'%'");
        try (MariaDatabase connector =
                MariaConfigs.open(DATABASE, "username", reader, "password", "secret-of-reader")) {
            BatchSource source = read(connector, "negative", 2, Map.of());
            assertThat(source.notes().get(0).detail()).contains("LOCK TABLES");
            assertThat(Rows.of(source).values()).hasSize(10_000);
        }
    }

    @Test
    void aWriterThatDoesNotEndHoldsUpNobody() throws SQLException {
        try (Connection writer = DATABASE.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE negative SET amount = 2 LIMIT 1");
            BatchSource source = read(CONNECTOR, "negative", 2, Map.of());
            assertThat(source.notes().get(0).detail()).contains("a writer");
            assertThat(Rows.of(source).values()).hasSize(10_000);
            writer.rollback();
        }
    }

    @Test
    void takesWhatThePoolHasToSpareAndGivesItBack() throws Exception {
        for (int most = 1; most <= 5; most++) {
            try (MariaDatabase connector =
                    MariaConfigs.open(DATABASE, "pool_size", 1, "max_overflow", most - 1, "connect_timeout", 1)) {
                BatchSource source = read(connector, "negative", 2, Map.of());
                assertThat(source.connections()).as("of %d", most).isEqualTo(most < 4 ? 1 : 2);
                Failure failure = Failures.of(() -> stopped(source));
                assertThat(failure).isInstanceOf(Failure.Cancelled.class);
                List<Connection> all = new ArrayList<>();
                for (int i = 0; i < most; i++) {
                    all.add(connector.getConnection());
                }
                for (Connection one : all) {
                    one.close();
                }
            }
        }
    }

    private static void stopped(BatchSource source) throws SQLException {
        ReadProgress progress = rows -> source.close();
        try (Connection duckdb = Duck.open();
                RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), progress)) {
            try {
                Duck.rows(duckdb, "SELECT count(*) FROM " + scan.relation());
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

    private static BatchSource read(MariaDatabase connector, String table, int parallelism, Map<String, Object> more) {
        Map<String, Object> request = new HashMap<>(more);
        request.putAll(MariaConfigs.model(DATABASE, table));
        request.put("parallelism", parallelism);
        return (BatchSource) connector.read(request);
    }
}
