package dev.serai.connector.sql.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

import dev.serai.connector.sql.DescribedVendor;
import dev.serai.connector.sql.DialedSockets;
import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.connector.sql.SqlDescription;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure;

/** How is PostgreSQL connected to, and what do its errors mean? */
final class PostgresVendor extends DescribedVendor {
    /** How much later than the server's own time limit the socket's strikes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    static final SqlDescription DESCRIPTION = SqlDescription.packed("postgresql");

    private final Driver driver = new Driver();

    PostgresVendor() {
        super(DESCRIPTION);
    }

    @Override
    public SqlProbe probe(SqlSettings settings, Dialer dialer) {
        return new PostgresProbe(settings, dialer, this);
    }

    @Override
    public SqlCatalog catalog(Connection connection) {
        return new PostgresCatalog(connection);
    }

    @Override
    public Connection connect(SqlSettings settings, Dialing dialing) throws SQLException {
        return connect(settings, properties(settings, dialing));
    }

    Connection connect(SqlSettings settings, Properties properties) throws SQLException {
        Connection connection = driver.connect(url(settings), properties);
        if (connection == null) {
            throw new IllegalStateException("The driver does not know its own address");
        }
        return connection;
    }

    /** The driver's address; holds nothing but host, port and database, each encoded. */
    private static String url(SqlSettings settings) {
        return "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/"
                + URLEncoder.encode(settings.database(), StandardCharsets.UTF_8);
    }

    /** Everything else the driver is told, the password too. */
    Properties properties(SqlSettings settings, Dialing dialing) {
        Properties properties = driverProperties();
        PGProperty.USER.set(properties, settings.username());
        // Even where empty: without one the driver looks into the .pgpass file of whoever runs Serai.
        PGProperty.PASSWORD.set(properties, settings.password());
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
        PGProperty.LOGIN_TIMEOUT.set(
                properties, seconds(settings.connectTimeout().multipliedBy(2)));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.readTimeout().plus(GRACE)));
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, seconds(GRACE));
        // A fetch is held whole before anyone sees its first row.
        PGProperty.MAX_RESULT_BUFFER.set(properties, String.valueOf(PostgresAnswer.MOST_BYTES));
        PGProperty.SOCKET_FACTORY.set(properties, DialedSockets.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, dialing.key());
        PostgresTls.configure(properties, settings);
        return properties;
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }

    @Override
    public void cancel(Connection connection) throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
    }

    @Override
    public Failure failure(SQLException e) {
        return PostgresFailures.of(e);
    }
}
