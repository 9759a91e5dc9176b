package dev.serai.connector.sql.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

import dev.serai.connector.sql.DialedSockets;
import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.connector.sql.Vendor;
import dev.serai.failure.Failure;

/** How is PostgreSQL connected to, and what do its errors mean? */
final class PostgresVendor implements Vendor {
    /** How much later than the server's own time limit the socket's strikes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int ROWS_A_FETCH = 1000;

    private static final int PORT = 5432;

    private final Driver driver = new Driver();

    @Override
    public int port() {
        return PORT;
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
        Properties properties = new Properties();
        PGProperty.USER.set(properties, settings.username());
        // Even where empty: without one the driver looks into the .pgpass file of whoever runs Serai.
        PGProperty.PASSWORD.set(properties, settings.password());
        // With the version known the name is part of logging in, and a reset of the session keeps it.
        PGProperty.APPLICATION_NAME.set(properties, "serai");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
        PGProperty.LOGIN_TIMEOUT.set(
                properties, seconds(settings.connectTimeout().multipliedBy(2)));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.readTimeout().plus(GRACE)));
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, seconds(GRACE));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        PGProperty.STRING_TYPE.set(properties, "unspecified");
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(properties, ROWS_A_FETCH);
        // A pooler may run each transaction on another connection, so that no statement's name may outlive its own:
        // none is kept for a next time, and those that the driver needs to describe one are closed with it.
        PGProperty.PREPARE_THRESHOLD.set(properties, 0);
        PGProperty.PREPARED_STATEMENT_CACHE_QUERIES.set(properties, 0);
        // A binary cursor's rows stay binary only where FETCH is a simple query.
        PGProperty.PREFER_QUERY_MODE.set(properties, "extendedForPrepared");
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

    /** Values cast to text must not depend on the server's or our own settings. */
    @Override
    public void begin(Connection connection, Duration timeout) throws SQLException {
        execute(
                connection,
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = "
                        + timeout.toMillis()
                        + "; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601'"
                        + "; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on");
    }

    @Override
    public void reset(Connection connection) throws SQLException {
        execute(connection, "DISCARD ALL");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
