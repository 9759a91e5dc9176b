package dev.serai.connector.sql.postgres;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** What does PostgreSQL's or its driver's error mean? By SQLSTATE, as the manual's appendix A lists them. */
final class PostgresFailures {
    private static final String UNABLE_TO_CONNECT = "08001";
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private PostgresFailures() {}

    static Failure of(SQLException e) {
        Failure byCause = byCause(e);
        if (byCause != null) {
            return byCause;
        }
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String said = said(e);
        return switch (state) {
            case "3D000" ->
                SqlFailures.source(Layer.AUTHORIZE, "database_missing", "There is no such database: " + said, false);
            case "42501" ->
                SqlFailures.source(Layer.AUTHORIZE, "permission_denied", "The user may not do this: " + said, false);
            case UNABLE_TO_CONNECT -> SqlFailures.timeout(Layer.CONNECT, "The server did not answer in time.");
            case "57014" ->
                SqlFailures.timeout(
                        Layer.READ, "The source stopped the statement, as it does after the read timeout: " + said);
            case "55P03" ->
                SqlFailures.source(Layer.READ, "locked", "The source holds a lock on what was asked for.", true);
            case "25006" -> new Failure.Invalid("not_read_only", "Serai only reads: " + said, List.of());
            case "42P01", "3F000" ->
                SqlFailures.source(Layer.READ, "model_missing", "The model is not there: " + said, false);
            case "42703" -> SqlFailures.source(Layer.READ, "column_missing", "A column is not there: " + said, false);
            case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04" ->
                SqlFailures.source(
                        Layer.CONNECT,
                        "unavailable",
                        "The server ended the connection or takes none now: " + said,
                        true);
            case "08004" ->
                said.contains("SCRAM client initialization")
                        // The driver's words for a log-in of which the server's half did not arrive whole.
                        ? SqlFailures.source(
                                Layer.CONNECT, "connection_lost", "The connection broke off during the log-in.", true)
                        : SqlFailures.source(
                                Layer.AUTHENTICATE,
                                "connection_refused",
                                "The server does not let the connector in: " + said,
                                false);
            case "08P01" -> PoolerFailures.of(said);
            case "40001", "40P01" ->
                SqlFailures.source(
                        Layer.READ, "conflict", "The source gave up the read for another transaction's sake.", true);
            default -> byClass(state, said);
        };
    }

    private static Failure byClass(String state, String said) {
        String kind = state.length() < 2 ? "" : state.substring(0, 2);
        return switch (kind) {
            case "28" ->
                SqlFailures.source(
                        Layer.AUTHENTICATE,
                        "authentication_failed",
                        "The server refuses this user name and password, or lets nobody in from here: " + said,
                        false);
            case "08" -> SqlFailures.source(Layer.CONNECT, "connection_lost", "The connection failed: " + said, true);
            case "53" -> new Failure.Busy("source_busy", "The server has no room for this now: " + said, PAUSE);
            case "58", "XX" -> SqlFailures.source(Layer.READ, "source_error", "The server failed: " + said, true);
            default -> SqlFailures.source(Layer.READ, "source_error", "The server refused: " + said, false);
        };
    }

    /** What went wrong below the protocol, where the driver wraps it. */
    private static @Nullable Failure byCause(SQLException e) {
        FailureException own = Dialer.failureIn(e);
        if (own != null) {
            return own.failure();
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                // The driver tells a server that cannot be reached from one that fell silent only by the state.
                return UNABLE_TO_CONNECT.equals(e.getSQLState())
                        ? SqlFailures.timeout(Layer.CONNECT, "The server did not answer in time.")
                        : SqlFailures.timeout(Layer.READ, "The server sent nothing more within the read timeout.");
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return SqlFailures.source(
                        Layer.CONNECT,
                        "unreachable",
                        "Nobody accepts connections on this host and port. Check both, and any firewall between.",
                        true);
            }
            if (cause instanceof SSLException) {
                return SqlFailures.source(
                        Layer.TLS, "tls_failed", "TLS failed: " + SqlFailures.firstLine(cause), false);
            }
        }
        return null;
    }

    /** The server's own words, first line only; it never repeats a password. */
    static String said(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String message = server == null ? null : server.getMessage();
        return message == null ? SqlFailures.firstLine(e) : message;
    }
}
