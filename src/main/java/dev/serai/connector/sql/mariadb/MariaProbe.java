package dev.serai.connector.sql.mariadb;

import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/**
 * How does one get into a MariaDB or MySQL server, and what of it may be read? One connection goes all the way, since the
 * server counts those that are given up on the way and in the end lets nobody in.
 */
final class MariaProbe extends SqlProbe {
    private final MariaVendor vendor;
    private @Nullable Connection encrypted;
    private @Nullable FailureException refused;

    MariaProbe(SqlSettings settings, Dialer dialer, MariaVendor vendor) {
        super(settings, dialer, vendor);
        this.vendor = vendor;
    }

    /** The driver does both steps at once; what failed tells which of them went well. */
    @Override
    protected Connection loggedIn(Socket socket) {
        if (!settings.sslMode().equals("disable")) {
            steps.stepIfAny(Layer.TLS, () -> secured(socket));
        }
        return steps.step(Layer.AUTHENTICATE, () -> {
            if (refused != null) {
                throw refused;
            }
            return encrypted == null ? login(socket.isClosed() ? null : socket, false) : encrypted;
        });
    }

    private boolean secured(Socket socket) {
        try {
            encrypted = login(socket, true);
            return true;
        } catch (FailureException e) {
            if (!(e.failure() instanceof Failure.Source source)
                    || source.layer().compareTo(Layer.TLS) > 0) {
                refused = e;
                return true;
            }
            if (source.code().equals("tls_unavailable") && settings.sslMode().equals("prefer")) {
                return false;
            }
            throw e;
        }
    }

    private Connection login(@Nullable Socket socket, boolean tls) {
        try (Dialing dialing = Dialing.of(dialer)) {
            if (socket != null) {
                dialing.hand(socket);
            }
            return vendor.connect(settings, dialing, way.patience(), tls);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    /** To prepare a statement takes the right to run it, and nothing more. */
    @Override
    protected void require(Connection connection, String relation) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement("SELECT 1 FROM " + relation)) {
            // The driver prepares it only now.
            prepared.getMetaData();
        }
    }
}
