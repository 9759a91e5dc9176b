package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.FailureException;

/**
 * What does every SQL connector's bean do, whoever made the database? It tests, discovers and lends connections; how rows
 * are read and asked for is its vendor's. As a {@link javax.sql.DataSource} it lends connections for one request each.
 */
public abstract class SqlDatabase extends AbstractDataSource implements AutoCloseable {
    /** A bulk read ends by its own; this is for a server whose client is gone and does not notice. */
    protected static final Duration LONGEST_READ = Duration.ofHours(24);

    /** How many rows answer a query that does not say. */
    protected static final int DEFAULT_LIMIT = 1000;

    protected static final ObjectMapper JSON = new ObjectMapper();

    private final Vendor vendor;
    private final SqlSettings settings;
    private final Dialer dialer;
    private final ConnectionPool pool;

    /** Dials nobody. */
    protected SqlDatabase(Vendor vendor, Map<String, Object> config, EgressPolicy egress) {
        this.vendor = vendor;
        settings = SqlSettings.of(config, vendor.port());
        dialer = new Dialer(egress, settings);
        pool = new ConnectionPool(vendor, settings, dialer);
    }

    /** Tries the way to the database step by step, on a connection of its own. */
    public TestResult test() {
        try (Dialer own = dialer.another()) {
            return vendor.probe(settings, own).run();
        }
    }

    /** {@code {schemas, search, limit, cursor}} → {@code {items, next_cursor}}. */
    public ObjectNode models(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.models(vendor.catalog(connection)));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.schema(vendor.catalog(connection)));
    }

    /** For one request; closing it rolls back and resets the session. */
    @Override
    public Connection getConnection() throws SQLException {
        return pool.lease(settings.readTimeout());
    }

    /** Always as the connector's user. */
    @Override
    public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
        return getConnection();
    }

    @Override
    public void close() {
        try {
            pool.close();
        } finally {
            dialer.close();
        }
    }

    /** Asks something of a connection. */
    protected interface Ask<T> {
        T of(ConnectionPool.Lease lease) throws SQLException;
    }

    /** What a connection answers, which is then given back. */
    protected <T> T asked(Ask<T> ask) {
        return opened(lease -> {
            T answer = ask.of(lease);
            lease.close();
            return answer;
        });
    }

    /** The same for as long as a request may take; what was opened keeps the connection. */
    protected <T> T opened(Ask<T> open) {
        return opened(settings.readTimeout(), open);
    }

    protected <T> T opened(Duration timeout, Ask<T> open) {
        ConnectionPool.Lease lease = lease(timeout);
        try {
            return open.of(lease);
        } catch (SQLException e) {
            lease.close();
            throw new FailureException(vendor.failure(e), e);
        } catch (FailureException e) {
            lease.close();
            throw e;
        } catch (RuntimeException e) {
            // How much of the server's answer the driver has read nobody knows: what comes next could be more of it.
            lease.discard();
            throw e;
        }
    }

    private ConnectionPool.Lease lease(Duration timeout) {
        try {
            return pool.lease(timeout);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }
}
