package dev.serai.connector.sql;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does one get with a config: up to the name, the port, TLS, the login, the rights, a row? */
public abstract class SqlProbe {
    /** What to read a row of where there is nothing yet. */
    private static final String NOTHING_YET = "(SELECT 1) AS nothing_yet";

    protected final SqlSettings settings;
    protected final Dialer dialer;
    protected final ProbeSteps steps = new ProbeSteps(ProbeWay.LIMIT);
    protected final ProbeWay way;
    private final DescribedVendor vendor;

    protected SqlProbe(SqlSettings settings, Dialer dialer, DescribedVendor vendor) {
        this.settings = settings;
        this.dialer = dialer;
        this.vendor = vendor;
        this.way = new ProbeWay(settings, dialer, steps);
    }

    public final TestResult run() {
        try (Socket socket = way.connected();
                Connection connection = loggedIn(socket)) {
            try {
                String relation = steps.step(Layer.AUTHORIZE, () -> readable(connection));
                steps.step(Layer.READ, () -> readRow(connection, relation));
            } finally {
                connection.rollback();
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

    /**
     * Walks the steps TLS and authenticate.
     *
     * @param socket connected; the login may take it or close it
     */
    protected abstract Connection loggedIn(Socket socket) throws IOException;

    /** Makes sure that the user may read this, where the catalog does not know. */
    protected void require(Connection connection, String relation) throws SQLException {}

    private String relation(Connection connection) throws SQLException {
        SqlDescription description = vendor.description();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(description.catalog().readable())) {
            if (!row.next()) {
                return NOTHING_YET;
            }
            if (!row.getBoolean(3)) {
                throw ProbeWay.failure(
                        Layer.AUTHORIZE,
                        "nothing_readable",
                        "The user may log in but read nothing. Grant it USAGE on a schema and SELECT on its tables.",
                        null);
            }
            String relation = description.quoted(row.getString(1)) + "." + description.quoted(row.getString(2));
            require(connection, relation);
            return relation;
        }
    }

    private String readable(Connection connection) {
        try {
            connection.setAutoCommit(false);
            vendor.begin(connection, steps.left());
            return relation(connection);
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
