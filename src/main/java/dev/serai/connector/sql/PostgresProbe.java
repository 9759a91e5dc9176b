package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does one get with a config: up to the name, the port, TLS, the login, the rights, a row? */
final class PostgresProbe {
    /** A little less than a test may take in all. */
    private static final Duration LIMIT = Duration.ofSeconds(14);
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
    private final Driver driver;
    private final Dialer dialer;
    private final ProbeSteps steps = new ProbeSteps(LIMIT);

    PostgresProbe(SqlSettings settings, PostgresVendor vendor, Driver driver, Dialer dialer) {
        this.settings = settings;
        this.vendor = vendor;
        this.driver = driver;
        this.dialer = dialer;
    }

    TestResult run() {
        try {
            List<InetAddress> addresses = steps.step(Layer.RESOLVE, this::resolve);
            try (Socket socket = steps.step(Layer.CONNECT, () -> connect(addresses))) {
                steps.stepIfAny(Layer.TLS, () -> new PostgresHandshake(settings, socket, this::patience).secure());
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

    /** On a thread of its own, since a look-up knows no time limit. */
    private List<InetAddress> resolve() {
        FutureTask<List<InetAddress>> lookup = new FutureTask<>(dialer::resolve);
        Thread thread = new Thread(lookup, "serai-resolve");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure(Layer.RESOLVE, "timeout", "The name server did not answer in time.", e);
        } catch (ExecutionException e) {
            FailureException failure = Dialer.failureIn(e);
            throw failure != null
                    ? failure
                    : failure(Layer.RESOLVE, "unknown_host", "The host name cannot be looked up.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The test was stopped."), e);
        }
    }

    private Socket connect(List<InetAddress> addresses) {
        try {
            return dialer.connect(addresses, patience());
        } catch (SocketTimeoutException e) {
            throw failure(
                    Layer.CONNECT,
                    "timeout",
                    "Nobody answered on this host and port in time. Check both, and any firewall between.",
                    e);
        } catch (IOException e) {
            throw failure(
                    Layer.CONNECT,
                    "unreachable",
                    "Nobody accepts connections on this host and port. Check both, and that the server is running.",
                    e);
        }
    }

    private Connection login() {
        int seconds = Math.max(1, (int) patience().toSeconds());
        try (Dialing dialing = Dialing.of(dialer)) {
            Properties properties = vendor.properties(settings, dialing);
            PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
            PGProperty.LOGIN_TIMEOUT.set(properties, seconds + 1);
            Connection connection = driver.connect(vendor.url(settings), properties);
            if (connection == null) {
                throw new IllegalStateException("The driver does not know its own address");
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new FailureException(vendor.failure(e), e);
        }
    }

    private String readable(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(vendor.beginning(steps.left()));
            try (ResultSet rows = statement.executeQuery(READABLE)) {
                if (!rows.next()) {
                    return "(SELECT 1) AS nothing_yet";
                }
                if (!rows.getBoolean(2)) {
                    throw failure(
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

    /** How long one step may take. */
    private Duration patience() {
        Duration left = steps.left();
        return left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
    }

    static FailureException failure(Layer layer, String code, String detail, @Nullable Exception cause) {
        boolean retryable = code.equals("timeout") || code.equals("unreachable");
        return new FailureException(PostgresFailures.source(layer, code, detail, retryable), cause);
    }
}
