package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.connector.sql.Vendor;
import dev.serai.failure.Failure;

/** How are MariaDB and MySQL connected to, and what do their errors mean? */
final class MariaVendor implements Vendor {
    /** How much later than the server's own time limit the socket's strikes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int PORT = 3306;

    /** A slow reader is not one that has gone. */
    private static final int SEND_SECONDS = 86_400;

    /** Ways to log in that tell nobody the password who only listens. */
    private static final String SAFE_LOGINS =
            "mysql_native_password,client_ed25519,parsec,caching_sha2_password,sha256_password";

    /**
     * The server's own mode without what would change where quotes end or the values of CHAR columns, so that a
     * statement is read here as the server reads it.
     */
    private static final String MODE =
            "TRIM(BOTH ',' FROM REPLACE(REPLACE(CONCAT(',', REPLACE(@@GLOBAL.sql_mode, ',', ',,'), ','),"
                    + " ',NO_BACKSLASH_ESCAPES,', ''), ',PAD_CHAR_TO_FULL_LENGTH,', ''))";

    @Override
    public int port() {
        return PORT;
    }

    @Override
    public SqlProbe probe(SqlSettings settings, Dialer dialer) {
        return new MariaProbe(settings, dialer, this);
    }

    @Override
    public SqlCatalog catalog(Connection connection) {
        return new MariaCatalog(connection);
    }

    @Override
    public Connection connect(SqlSettings settings, Dialing dialing) throws SQLException {
        return connect(settings, dialing, settings.readTimeout().plus(GRACE));
    }

    /** @param silence the longest wait for the server to send something */
    Connection connect(SqlSettings settings, Dialing dialing, Duration silence) throws SQLException {
        try {
            return connect(settings, dialing, silence, !settings.sslMode().equals("disable"));
        } catch (SQLException e) {
            if (!settings.sslMode().equals("prefer") || !MariaFailures.offersNoTls(e)) {
                throw e;
            }
            return connect(settings, dialing, silence, false);
        }
    }

    /** The database's name goes apart from the URL, in which it could be more than a name. */
    Connection connect(SqlSettings settings, Dialing dialing, Duration silence, boolean encrypted) throws SQLException {
        Configuration configuration = Configuration.parse(
                "jdbc:mariadb://" + settings.host() + ":" + settings.port() + "/",
                properties(settings, dialing, silence, encrypted));
        if (configuration == null) {
            throw new IllegalStateException("The driver does not know its own address");
        }
        return Driver.connect(
                configuration.toBuilder().database(settings.database()).build());
    }

    /** Everything the driver is told besides: what could read files, load classes or lead elsewhere is off. */
    private static Properties properties(SqlSettings settings, Dialing dialing, Duration silence, boolean encrypted) {
        Properties properties = new Properties();
        properties.setProperty("user", settings.username());
        properties.setProperty("password", settings.password());
        properties.setProperty("connectTimeout", millis(settings.connectTimeout()));
        properties.setProperty("socketTimeout", millis(silence));
        properties.setProperty("socketFactory", MariaSockets.class.getName());
        properties.setProperty(MariaSockets.DIALING, dialing.key());
        properties.setProperty("permitRedirect", "false");
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty("allowMultiQueries", "false");
        properties.setProperty("restrictedAuth", SAFE_LOGINS);
        properties.setProperty("sslMode", encrypted ? MariaTls.mode(settings) : "disable");
        properties.setProperty("tlsSocketType", MariaTls.TYPE);
        properties.setProperty("fallbackToSystemKeyStore", "false");
        // Without TLS there is no other way to log in where the server does not know the password's hash by heart.
        properties.setProperty("allowPublicKeyRetrieval", String.valueOf(!encrypted));
        properties.setProperty("connectionAttributes", "program_name:serai");
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("cachePrepStmts", "false");
        properties.setProperty("cacheCodecs", "true");
        properties.setProperty("useResetConnection", "true");
        properties.setProperty("jdbcCompliantTruncation", "false");
        properties.setProperty("dumpQueriesOnException", "false");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("transformedBitIsBoolean", "false");
        properties.setProperty("yearIsDateType", "false");
        return properties;
    }

    private static String millis(Duration duration) {
        return String.valueOf(Math.toIntExact(duration.toMillis()));
    }

    @Override
    public void begin(Connection connection, Duration timeout) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : beginning(isMariaDb(connection), timeout)) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> beginning(boolean mariaDb, Duration timeout) {
        long millis = Math.max(1, timeout.toMillis());
        String limit = mariaDb ? "max_statement_time = " + millis / 1000.0 : "max_execution_time = " + millis;
        return List.of(
                "SET NAMES utf8mb4",
                "SET SESSION time_zone = '+00:00', sql_mode = " + MODE
                        + ", sql_select_limit = DEFAULT, net_write_timeout = " + SEND_SECONDS + ", " + limit,
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    private static boolean isMariaDb(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("MariaDB");
    }

    @Override
    public void reset(Connection connection) throws SQLException {
        driver(connection).reset();
    }

    /** From another connection, to the host by its name: the driver's own way goes by address, for which no certificate is. */
    @Override
    public void cancel(Connection connection) throws SQLException {
        org.mariadb.jdbc.Connection running = driver(connection);
        try (Connection other = Driver.connect(running.getContext().getConf());
                Statement statement = other.createStatement()) {
            statement.execute("KILL QUERY " + running.getThreadId());
        }
    }

    static org.mariadb.jdbc.Connection driver(Connection connection) throws SQLException {
        return connection.unwrap(org.mariadb.jdbc.Connection.class);
    }

    @Override
    public Failure failure(SQLException e) {
        return MariaFailures.of(e);
    }
}
