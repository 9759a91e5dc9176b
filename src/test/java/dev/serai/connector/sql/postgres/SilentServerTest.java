package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.copy.CopyOut;

import dev.serai.failure.Failure;
import dev.serai.testing.Postgres;
import dev.serai.testing.StallingProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Where a server falls silent decides what the failure says of it; the socket's time limit is one second here. */
class SilentServerTest {
    private final Postgres.Database database = Postgres.database();

    private Connection through(StallingProxy proxy) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, database.username());
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.SOCKET_TIMEOUT.set(properties, 1);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        return new Driver().connect("jdbc:postgresql://localhost:" + proxy.port() + "/" + database.name(), properties);
    }

    @Test
    void inTheMidstOfACopyItIsATimeoutOfTheRead() throws Exception {
        try (StallingProxy proxy = new StallingProxy(database.port(), 1 << 20);
                Connection connection = through(proxy)) {
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT * FROM generate_series(1, 10000000)) TO STDOUT (FORMAT binary)");

            assertTimeout(
                    catchThrowableOfType(SQLException.class, () -> {
                        while (copy.readFromCopy() != null) {
                            // On to where the server falls silent.
                        }
                    }),
                    Failure.Layer.READ);
        }
    }

    @Test
    void whileLoggingInItIsATimeoutOfConnecting() throws Exception {
        try (StallingProxy proxy = new StallingProxy(database.port(), 1)) {
            assertTimeout(catchThrowableOfType(SQLException.class, () -> through(proxy)), Failure.Layer.CONNECT);
        }
    }

    private static void assertTimeout(SQLException thrown, Failure.Layer layer) {
        assertThat(PostgresFailures.of(thrown)).isInstanceOfSatisfying(Failure.Source.class, failure -> {
            assertThat(failure.layer()).isEqualTo(layer);
            assertThat(failure.timedOut()).isTrue();
            assertThat(failure.retryable()).isTrue();
        });
    }
}
