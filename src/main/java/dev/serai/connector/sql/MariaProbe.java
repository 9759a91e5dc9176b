package dev.serai.connector.sql;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/**
 * How far does one get with a config: up to the name, the port, TLS, the login, the rights, a row? One connection goes
 * all the way, since the server counts those that are given up on the way and in the end lets nobody in.
 */
final class MariaProbe {
    /** The cheapest relation to read one row of, tables first. */
    private static final String READABLE =
            """
            SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
            ORDER BY TABLE_TYPE = 'VIEW', TABLE_ROWS
            LIMIT 1
            """;

    private final SqlSettings settings;
    private final MariaVendor vendor;
    private final Dialer dialer;
    private final ProbeSteps steps = new ProbeSteps(ProbeWay.LIMIT);
    private final ProbeWay way;
    private @Nullable Connection encrypted;
    private @Nullable FailureException refused;

    MariaProbe(SqlSettings settings, MariaVendor vendor, Dialer dialer) {
        this.settings = settings;
        this.vendor = vendor;
        this.dialer = dialer;
        this.way = new ProbeWay(settings, dialer, steps);
    }

    TestResult run() {
        try (Socket socket = way.connected();
                Connection connection = loggedIn(socket)) {
            String relation = steps.step(Layer.AUTHORIZE, () -> readable(connection));
            steps.step(Layer.READ, () -> readRow(connection, relation));
        } catch (FailureException e) {
            // Written down by the step that failed.
            return steps.result();
        } catch (IOException | SQLException e) {
            // Only closing fails so; what was to be found out is known.
            return steps.result();
        }
        return steps.result();
    }

    /** The driver does both steps at once; what failed tells which of them went well. */
    private Connection loggedIn(Socket socket) {
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

    private String readable(Connection connection) {
        try {
            connection.setAutoCommit(false);
            vendor.begin(connection, steps.left());
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(READABLE)) {
                if (!row.next()) {
                    return "(SELECT 1) AS nothing_yet";
                }
                String relation = MariaQuestion.quoted(row.getString(1)) + "." + MariaQuestion.quoted(row.getString(2));
                require(connection, relation);
                return relation;
            }
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    /** To prepare a statement takes the right to run it, and nothing more. */
    private static void require(Connection connection, String relation) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement("SELECT 1 FROM " + relation)) {
            // The driver prepares it only now.
            prepared.getMetaData();
        }
    }

    private boolean readRow(Connection connection, String relation) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM " + relation + " LIMIT 1")) {
            return rows.next();
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }
}
