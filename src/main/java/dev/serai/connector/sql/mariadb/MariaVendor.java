package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;
import org.mariadb.jdbc.message.client.ResetPacket;

import dev.serai.connector.sql.DescribedVendor;
import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.connector.sql.SqlDescription;
import dev.serai.connector.sql.SqlProbe;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure;

/** How are MariaDB and MySQL connected to, and what do their errors mean? */
final class MariaVendor extends DescribedVendor {
    /** How much later than the server's own time limit the socket's strikes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    static final SqlDescription DESCRIPTION = SqlDescription.packed("mariadb");

    MariaVendor() {
        super(DESCRIPTION);
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

    /** Everything the driver is told besides. */
    private Properties properties(SqlSettings settings, Dialing dialing, Duration silence, boolean encrypted) {
        Properties properties = driverProperties();
        properties.setProperty("user", settings.username());
        properties.setProperty("password", settings.password());
        properties.setProperty("connectTimeout", millis(settings.connectTimeout()));
        properties.setProperty("socketTimeout", millis(silence));
        properties.setProperty("socketFactory", MariaSockets.class.getName());
        properties.setProperty(MariaSockets.DIALING, dialing.key());
        properties.setProperty("sslMode", encrypted ? MariaTls.mode(settings) : "disable");
        properties.setProperty("tlsSocketType", MariaTls.TYPE);
        // Without TLS there is no other way to log in where the server does not know the password's hash by heart.
        properties.setProperty("allowPublicKeyRetrieval", String.valueOf(!encrypted));
        return properties;
    }

    private static String millis(Duration duration) {
        return String.valueOf(Math.toIntExact(duration.toMillis()));
    }

    @Override
    public void reset(Connection connection) throws SQLException {
        org.mariadb.jdbc.Connection driver = driver(connection);
        if (!driver.getContext().getVersion().isMariaDBServer()) {
            // The driver leaves it out there for the character set, which the server then forgets; begin sets it.
            driver.getClient().execute(ResetPacket.INSTANCE, false);
        }
        driver.reset();
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
