package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import org.postgresql.PGProperty;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How does one get into a PostgreSQL database, and what of it may be read? */
final class PostgresProbe extends SqlProbe {
    private final PostgresVendor vendor;

    PostgresProbe(SqlSettings settings, Dialer dialer, PostgresVendor vendor) {
        super(settings, dialer, vendor);
        this.vendor = vendor;
    }

    @Override
    protected Connection loggedIn(Socket socket) throws IOException {
        steps.stepIfAny(Layer.TLS, () -> new PostgresHandshake(settings, socket, way::patience).secure());
        socket.close();
        return steps.step(Layer.AUTHENTICATE, this::login);
    }

    private Connection login() {
        int seconds = Math.max(1, (int) way.patience().toSeconds());
        try (Dialing dialing = Dialing.of(dialer)) {
            Properties properties = vendor.properties(settings, dialing);
            PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
            PGProperty.LOGIN_TIMEOUT.set(properties, seconds + 1);
            return vendor.connect(settings, properties);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }
}
