package dev.serai.connector.sql;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import org.postgresql.PGProperty;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does one get with a config: up to the name, the port, TLS, the login, the rights, a row? */
final class PostgresProbe {
    /** The cheapest relation to read one row of, tables first; none where there is nothing, or nothing for this user. */
    private static final String READABLE =
            """
            SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), r.readable
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                                       AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable) r
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
            ORDER BY r.readable DESC, pg_catalog.strpos('rpmfv', c.relkind::text), c.relpages
            LIMIT 1
            """;

    private final SqlSettings settings;
    private final PostgresVendor vendor;
    private final Dialer dialer;
    private final ProbeSteps steps = new ProbeSteps(ProbeWay.LIMIT);
    private final ProbeWay way;

    PostgresProbe(SqlSettings settings, PostgresVendor vendor, Dialer dialer) {
        this.settings = settings;
        this.vendor = vendor;
        this.dialer = dialer;
        this.way = new ProbeWay(settings, dialer, steps);
    }

    TestResult run() {
        try {
            try (Socket socket = way.connected()) {
                steps.stepIfAny(Layer.TLS, () -> new PostgresHandshake(settings, socket, way::patience).secure());
            }
            try (Connection connection = steps.step(Layer.AUTHENTICATE, this::login)) {
                try {
                    String relation = steps.step(Layer.AUTHORIZE, () -> readable(connection));
                    steps.step(Layer.READ, () -> readRow(connection, relation));
                } finally {
                    connection.rollback();
                }
            }
        } catch (FailureException e) {
            // Written down by the step that failed.
            return steps.result();
        } catch (IOException | SQLException e) {
            // Only closing fails so; what was to be found out is known.
            return steps.result();
        }
        return steps.result();
    }

    private Connection login() {
        int seconds = Math.max(1, (int) way.patience().toSeconds());
        try (Dialing dialing = Dialing.of(dialer)) {
            Properties properties = vendor.properties(settings, dialing);
            PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
            PGProperty.LOGIN_TIMEOUT.set(properties, seconds + 1);
            Connection connection = vendor.connect(settings, properties);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    private String readable(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            vendor.begin(connection, steps.left());
            try (ResultSet rows = statement.executeQuery(READABLE)) {
                if (!rows.next()) {
                    return "(SELECT 1) AS nothing_yet";
                }
                if (!rows.getBoolean(2)) {
                    throw ProbeWay.failure(
                            Layer.AUTHORIZE,
                            "nothing_readable",
                            "The user may log in but read nothing. Grant it USAGE on a schema and SELECT on its tables.",
                            null);
                }
                return rows.getString(1);
            }
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
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
