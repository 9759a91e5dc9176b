package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import org.postgresql.PGProperty;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.ProbeWay;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How does one get into a PostgreSQL database, and what of it may be read? */
final class PostgresProbe extends SqlProbe {
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

    @Override
    protected String relation(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(READABLE)) {
            if (!rows.next()) {
                return NOTHING_YET;
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
    }
}
