package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/** What of a vendor follows from its description alone? */
public abstract class DescribedVendor implements Vendor {
    private final SqlDescription description;

    protected DescribedVendor(SqlDescription description) {
        this.description = description;
    }

    final SqlDescription description() {
        return description;
    }

    @Override
    public final int port() {
        return description.port();
    }

    /** What each connection's driver is told, whatever the config says. */
    protected final Properties driverProperties() {
        Properties properties = new Properties();
        properties.putAll(description.driver());
        return properties;
    }

    @Override
    public void begin(Connection connection, Duration timeout) throws SQLException {
        SqlDescription.Session session = description.session();
        String product = session.dependsOnProduct() ? connection.getMetaData().getDatabaseProductName() : "";
        try (Statement statement = connection.createStatement()) {
            for (String sql : session.begin(product, timeout)) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void reset(Connection connection) throws SQLException {
        String reset = description.session().reset();
        if (reset != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(reset);
            }
        }
    }
}
