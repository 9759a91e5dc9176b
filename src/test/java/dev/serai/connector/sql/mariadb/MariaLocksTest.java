package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a read locks, for how long it waits, and that nothing lies outside what it locks. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class MariaLocksTest {
    private static final MariaDb.Database DATABASE = MariaDb.database();
    private static final MariaDatabase CONNECTOR = MariaConfigs.open(DATABASE);

    @BeforeAll
    static void create() {
        DATABASE.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY, amount int)",
                "INSERT INTO accounts SELECT seq, 1 FROM seq_1_to_10000",
                "CREATE TABLE single (id int PRIMARY KEY) SELECT 1 AS id",
                "CREATE FUNCTION flag() RETURNS int READS SQL DATA RETURN (SELECT max(id) FROM single)");
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = (SELECT max(id) FROM single)",
                "amount IN (/**/ select id from single)",
                "amount IN (TABLE single)",
                "amount IN (VALUES (1))",
                "EXISTS (WITH s AS (SELECT 1) SELECT * FROM s)"
            })
    void aFilterReadsNoOtherTable(String filter) {
        assertThat(Failures.of(() -> read("accounts", 2, Map.of("filter", filter))))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class,
                        failure -> assertThat(failure.errors()).singleElement().satisfies(fault -> {
                            assertThat(fault.pointer()).isEqualTo("/filter");
                            assertThat(fault.message()).contains("own columns");
                        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amount = flag()", "amount = `flag` ()", "amount = %s . Flag()", "amount = FLAG ( )"})
    void aFilterThatCallsAStoredFunctionIsReadOverOneConnection(String filter) {
        BatchSource source = read("accounts", 2, Map.of("filter", filter.formatted(DATABASE.name())));

        assertThat(source.notes().get(0).detail()).contains("calls a function");
        assertThat(Rows.of(source).values()).hasSize(10_000);
    }

    @Test
    void aFilterThatCallsTheServersOwnFunctionsIsReadOverSeveral() {
        BatchSource source = read("accounts", 2, Map.of("filter", "abs(amount) IN (1, 'select', '`a`(')"));

        assertThat(source.connections()).isEqualTo(2);
        source.close();
    }

    @Test
    void aPreparedTransactionOfNobodyHoldsUpNobody() {
        String id = "'" + DATABASE.name() + "'";
        DATABASE.execute(
                "XA START " + id, "UPDATE accounts SET amount = 2 LIMIT 1", "XA END " + id, "XA PREPARE " + id);
        try {
            long began = System.nanoTime();
            BatchSource source = read("accounts", 2, Map.of());
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(15));
            assertThat(source.notes().get(0).detail()).contains("a writer");
            assertThat(Rows.of(source).values()).hasSize(10_000);
        } finally {
            DATABASE.executeAsAdmin("XA ROLLBACK " + id);
        }
    }

    /** With a writer the read over several connections is given up, which begins its transaction again. */
    @ParameterizedTest
    @ValueSource(strings = {"DO 1", "UPDATE changing SET amount = amount + 1 LIMIT 1"})
    void nobodyChangesTheDefinitionBeforeTheFirstRow(String written) throws SQLException {
        DATABASE.execute(
                "CREATE OR REPLACE TABLE changing (id int PRIMARY KEY, amount decimal(12,4))",
                "INSERT INTO changing SELECT seq, 1.5 FROM seq_1_to_6000");
        BatchSource source;
        try (Connection writer = DATABASE.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(written);
            source = read("changing", written.startsWith("DO") ? 1 : 2, Map.of());
            writer.rollback();
        }
        assertThat(source.connections()).isEqualTo(1);
        try (Connection other = DATABASE.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = 0");
            assertThatThrownBy(
                            () -> statement.execute(
                                    "ALTER TABLE changing DROP COLUMN amount, ADD COLUMN amount decimal(10,2) DEFAULT 1, ALGORITHM = INSTANT"))
                    .hasMessageContaining("Lock wait timeout");
        }
        assertThat(Rows.of(source).values()).hasSize(6_000).allSatisfy(row -> assertThat(row.get(1))
                .isEqualTo("1.5000"));
    }

    @Test
    void aServerThatOnlyReadsIsReadOverOneConnection() {
        try (MariaDb server = MariaDb.start("--innodb-read-only")) {
            MariaDb.Database database = server.newDatabase();
            database.execute("CREATE TABLE aria (id int PRIMARY KEY) ENGINE = Aria", "INSERT INTO aria VALUES (1)");
            try (MariaDatabase connector = MariaConfigs.open(database)) {
                BatchSource source =
                        (BatchSource) connector.read(MariaConfigs.model(database, "aria", "parallelism", 2));
                assertThat(source.notes().get(0).detail()).contains("only reads");
                assertThat(Rows.of(source).values()).hasSize(1);
            }
        }
    }

    @Test
    void aLimitOfTheServersCutsNothing() {
        DATABASE.executeAsAdmin("SET GLOBAL sql_select_limit = 3");
        try {

            assertThat(Rows.of(read("accounts", 1, Map.of())).values()).hasSize(10_000);
        } finally {
            DATABASE.executeAsAdmin("SET GLOBAL sql_select_limit = DEFAULT");
        }
    }

    private static BatchSource read(String table, int parallelism, Map<String, Object> more) {
        Map<String, Object> request = new HashMap<>(more);
        request.putAll(MariaConfigs.model(DATABASE, table));
        request.put("parallelism", parallelism);
        return (BatchSource) CONNECTOR.read(request);
    }
}
