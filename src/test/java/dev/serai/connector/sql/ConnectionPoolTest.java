package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.sql.postgres.PostgresConfigs;
import dev.serai.connector.sql.postgres.PostgresDatabase;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ConnectionPoolTest {
    private static final Map<String, Object> SLOW =
            Map.of("query", "SELECT i, repeat('x', 1000) FROM generate_series(1, 100000000) i");

    private final Postgres.Database database = Postgres.database();

    @Test
    void makingAConnectorDialsNobody() {
        try (PostgresDatabase connector = PostgresConfigs.open(database, "host", "no-such-host.invalid")) {
            assertThat(connector).isNotNull();
        }
        try (PostgresDatabase connector = PostgresConfigs.open(database)) {
            assertThat(connector).isNotNull();
            assertThat(sessions()).isZero();
        }
    }

    @Test
    void aServerWithoutRoomForAnotherConnectionIsBusy() {
        database.executeAsSuperuser("ALTER ROLE " + database.username() + " CONNECTION LIMIT 0");

        try (PostgresDatabase connector = PostgresConfigs.open(database)) {
            assertThat(Failures.of(() -> connector.models(Map.of())))
                    .isInstanceOf(Failure.Busy.class)
                    .satisfies(failure -> assertThat(failure.retryable()).isTrue());
            assertThat(connector.test().category()).isEqualTo("authenticate");
        }
    }

    @Test
    void aConnectionThatTheServerEndedIsReplaced() {
        try (PostgresDatabase connector = PostgresConfigs.open(database)) {
            connector.models(Map.of());
            database.executeAsSuperuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                    + database.username() + "'");

            assertThat(connector.models(Map.of()).path("items")).isEmpty();
        }
    }

    @Test
    void aRequestLeavesNothingBehindInItsSession() throws SQLException {
        try (PostgresDatabase connector = PostgresConfigs.open(database, "pool_size", 1, "max_overflow", 0)) {
            try (Connection first = connector.getConnection();
                    Statement statement = first.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(42)");
                statement.execute("SELECT set_config('search_path', 'pg_catalog', false)");
                statement.execute("SELECT set_config('serai.left', 'over', false)");
                statement.execute("DECLARE kept CURSOR WITH HOLD FOR SELECT 1");
                assertThatThrownBy(() -> statement.execute("CREATE TABLE written (id int)"))
                        .hasMessageContaining("read-only transaction");
            }
            try (Connection next = connector.getConnection();
                    Statement statement = next.createStatement();
                    ResultSet left = statement.executeQuery(
                            """
                            SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
                                   (SELECT count(*) FROM pg_cursors WHERE name = 'kept'),
                                   current_setting('search_path'), current_setting('serai.left', true),
                                   current_setting('transaction_read_only'), current_setting('TimeZone'),
                                   current_setting('application_name')
                            """)) {
                left.next();
                assertThat(left.getInt(1)).isZero();
                assertThat(left.getInt(2)).isZero();
                assertThat(left.getString(3)).contains("public");
                assertThat(left.getString(4)).isNullOrEmpty();
                assertThat(left.getString(5)).isEqualTo("on");
                assertThat(left.getString(6)).isEqualTo("UTC");
                assertThat(left.getString(7)).isEqualTo("serai");
            }
        }
    }

    @Test
    void closingRowsMidwayStopsTheSourcesStatementAtOnce() throws Exception {
        try (PostgresDatabase connector = PostgresConfigs.open(database, "pool_size", 1, "max_overflow", 0)) {
            BatchSource rows = (BatchSource) connector.read(SLOW);
            Thread reader = new Thread(() -> Failures.of(() -> dev.serai.testing.Rows.of(rows)));
            reader.start();
            await().untilAsserted(() -> assertThat(running()).isEqualTo(1));

            long start = System.nanoTime();
            rows.close();
            reader.join();

            await().untilAsserted(() -> assertThat(running()).isZero());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(connector.models(Map.of()).path("items")).isEmpty();
        }
    }

    @Test
    void closingRowsFromAnotherThreadEndsAReadThatWaits() throws Exception {
        try (PostgresDatabase connector = PostgresConfigs.open(database, "pool_size", 1, "max_overflow", 0)) {
            BatchSource rows = (BatchSource) connector.read(Map.of("query", "SELECT 1 AS one, pg_sleep(60) AS slept"));
            Thread closer = new Thread(() -> {
                await().until(() -> running() == 1);
                rows.close();
            });
            closer.start();

            Failure failure = Failures.of(() -> dev.serai.testing.Rows.of(rows));

            closer.join();
            assertThat(failure).isInstanceOf(Failure.Cancelled.class);
            await().untilAsserted(() -> assertThat(running()).isZero());
            assertThat(connector.models(Map.of()).path("items")).isEmpty();
        }
    }

    @Test
    void rowsThatNobodyReadGiveTheirConnectionBack() {
        try (PostgresDatabase connector =
                PostgresConfigs.open(database, "pool_size", 1, "max_overflow", 0, "connect_timeout", 1)) {
            for (int i = 0; i < 3; i++) {
                connector.read(SLOW).close();
            }
            Failures.of(() -> connector.read(Map.of("query", "SELECT nonsense")));
            assertThat(connector.models(Map.of()).path("items")).isEmpty();
        }
    }

    private int sessions() {
        return count("usename = '" + database.username() + "'");
    }

    private int running() {
        return count("usename = '" + database.username() + "' AND state = 'active' AND query LIKE 'COPY%'");
    }

    private int count(String condition) {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE " + condition)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
