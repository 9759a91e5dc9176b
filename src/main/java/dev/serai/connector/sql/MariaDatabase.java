package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;

/** One connector's MariaDB or MySQL server: the bean that the Kamelet's template makes and its steps call. */
public class MariaDatabase implements AutoCloseable {
    /** A bulk read ends by its own; this is for a server whose client is gone and does not notice. */
    private static final Duration LONGEST_READ = Duration.ofHours(24);

    private static final int PORT = 3306;
    private static final int DEFAULT_LIMIT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MariaVendor vendor = new MariaVendor();
    private final SqlSettings settings;
    private final Dialer dialer;
    private final ConnectionPool pool;

    /** Dials nobody. */
    public MariaDatabase(Map<String, Object> config, EgressPolicy egress) {
        settings = SqlSettings.of(config, PORT);
        dialer = new Dialer(egress, settings);
        pool = new ConnectionPool(vendor, settings, dialer);
    }

    /** Tries the way to the database step by step, on a connection of its own. */
    public TestResult test() {
        return new MariaProbe(settings, vendor, dialer).run();
    }

    /** {@code {schemas, search, limit, cursor}} → {@code {items, next_cursor}}. */
    public ObjectNode models(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.models(new MariaCatalog(connection)::models));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        SqlDiscovery discovery = new SqlDiscovery(JSON.valueToTree(request));
        return asked(connection -> discovery.schema((schema, name) -> new MariaCatalog(connection)
                .describe(schema, name)
                .map(description -> description.fields().stream()
                        .map(MariaCatalog.Field::column)
                        .toList())));
    }

    /** {@code {model: {schema, name} | query, columns, filter, window, limit}} → rows as they come. */
    public RowSource read(Map<String, Object> body) {
        MariaRead read = MariaRead.of(JSON.valueToTree(body));
        return rows(LONGEST_READ, read::open);
    }

    /** {@code {sql | query, params, limit}} → rows; parameters are written {@code ?}. */
    public RowSource query(Map<String, Object> body) {
        MariaQuestion question = MariaQuestion.of(JSON.valueToTree(body), DEFAULT_LIMIT);
        return rows(settings.readTimeout(), question::now);
    }

    @Override
    public void close() {
        pool.close();
        dialer.close();
    }

    private interface Open {
        RowSource from(ConnectionPool.Lease lease) throws SQLException;
    }

    /** The rows keep the connection. */
    private RowSource rows(Duration timeout, Open open) {
        ConnectionPool.Lease lease = lease(timeout);
        try {
            return open.from(lease);
        } catch (SQLException e) {
            lease.close();
            throw new FailureException(vendor.failure(e), e);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private interface Ask<T> {
        T of(Connection connection) throws SQLException;
    }

    private <T> T asked(Ask<T> ask) {
        try (ConnectionPool.Lease lease = lease(settings.readTimeout())) {
            return ask.of(lease);
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
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
