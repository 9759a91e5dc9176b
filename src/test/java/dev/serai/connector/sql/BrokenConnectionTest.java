package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.Failure;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a connection whose driver breaks down instead of reporting an error? */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BrokenConnectionTest {
    private final SqlSettings settings = SqlSettings.of(
            Map.of(
                    "host",
                    "localhost",
                    "database",
                    "d",
                    "username",
                    "u",
                    "pool_size",
                    1,
                    "max_overflow",
                    0,
                    "connect_timeout",
                    1),
            1);
    private final Dialer dialer = new Dialer(new EgressPolicy(Settings.of(Map.of())), settings);
    private final ConnectionPool pool = new ConnectionPool(new Breaking(), settings, dialer);

    @AfterEach
    void close() {
        pool.close();
        dialer.close();
    }

    @Test
    void aConnectionThatBreaksWhileItIsResetIsThrownAwayAndGivesItsOnePlaceFree() throws SQLException {
        Connection before = null;
        for (int i = 0; i < 3; i++) {
            try (ConnectionPool.Lease lease = pool.lease(Duration.ofSeconds(5))) {
                Connection own = lease.unwrap(org.h2.jdbc.JdbcConnection.class);
                assertThat(own).isNotSameAs(before);
                assertThat(Failures.of(() -> pool.lease(Duration.ofSeconds(5)))).isInstanceOf(Failure.Exhausted.class);
                before = own;
            }
            assertThat(before.isClosed()).isTrue();
        }
    }

    private static final class Breaking implements Vendor {
        @Override
        public int port() {
            return 1;
        }

        @Override
        public SqlProbe probe(SqlSettings settings, Dialer dialer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SqlCatalog catalog(Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection connect(SqlSettings settings, Dialing dialing) throws SQLException {
            return DriverManager.getConnection("jdbc:h2:mem:");
        }

        @Override
        public void begin(Connection connection, Duration timeout) {
            // Nothing to be set.
        }

        @Override
        public void reset(Connection connection) {
            throw new IllegalStateException("The driver broke down");
        }

        @Override
        public void cancel(Connection connection) {
            // Nothing runs.
        }

        @Override
        public Failure failure(SQLException e) {
            return new Failure.Internal("failed");
        }
    }
}
