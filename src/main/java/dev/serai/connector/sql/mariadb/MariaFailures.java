package dev.serai.connector.sql.mariadb;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.Dialer;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** What does MariaDB's, MySQL's or their driver's error mean? By the number, as both manuals list them. */
final class MariaFailures {
    static final String TLS_CONFIG = "TLS cannot be set up";
    static final String WRONG_HOST = "The server's certificate is for another host name";

    /** Of an error that tells no more than that the server refused what it was asked. */
    static final String REFUSED = "source_error";

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Pattern CONNECTION = Pattern.compile("^\\(conn=\\d+\\) ");

    private MariaFailures() {}

    static Failure of(SQLException e) {
        Failure byCause = byCause(e);
        if (byCause != null) {
            return byCause;
        }
        String said = said(e);
        if (offersNoTls(e)) {
            return SqlFailures.source(
                    Layer.TLS,
                    "tls_unavailable",
                    "The server offers no TLS, which sslmode insists on. Turn it on at the server, or choose prefer or"
                            + " disable.",
                    false);
        }
        return switch (e.getErrorCode()) {
            case 1045, 1130, 1698, 1820, 1862, 3118, 4151 ->
                SqlFailures.source(
                        Layer.AUTHENTICATE,
                        "authentication_failed",
                        "The server refuses this user name and password, or lets nobody in from here: " + said,
                        false);
            case 1251, 1524, 2054, 2059 ->
                SqlFailures.source(
                        Layer.AUTHENTICATE,
                        "login_unknown",
                        "The server asks for a way to log in that Serai does not take: " + said,
                        false);
            case 3159 -> SqlFailures.source(Layer.TLS, "tls_required", "The server insists on TLS: " + said, false);
            case 1049 ->
                SqlFailures.source(Layer.AUTHORIZE, "database_missing", "There is no such database: " + said, false);
            case 1044, 1142, 1143, 1227, 1370, 1356 ->
                SqlFailures.source(Layer.AUTHORIZE, "permission_denied", "The user may not do this: " + said, false);
            case 1040, 1129, 1203, 1226, 1135, 1041 ->
                new Failure.Busy("source_busy", "The server has no room for this now: " + said, PAUSE);
            case 1317, 1969, 3024 ->
                SqlFailures.timeout(
                        Layer.READ, "The source stopped the statement, as it does after the read timeout: " + said);
            case 1205 ->
                SqlFailures.source(Layer.READ, "locked", "The source holds a lock on what was asked for.", true);
            case 1213, 1412 ->
                SqlFailures.source(
                        Layer.READ, "conflict", "The source gave up the read for another transaction's sake.", true);
            case 1792, 1290, 1836 -> new Failure.Invalid("not_read_only", "Serai only reads: " + said, List.of());
            case 1146, 1051 ->
                SqlFailures.source(Layer.READ, "model_missing", "The model is not there: " + said, false);
            case 1054 -> SqlFailures.source(Layer.READ, "column_missing", "A column is not there: " + said, false);
            case 1053, 1927, 1077, 1079 ->
                SqlFailures.source(
                        Layer.CONNECT,
                        "unavailable",
                        "The server ended the connection or takes none now: " + said,
                        true);
            default -> byState(e, said);
        };
    }

    private static Failure byState(SQLException e, String said) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("28")) {
            return SqlFailures.source(
                    Layer.AUTHENTICATE, "authentication_failed", "The server refuses to log in: " + said, false);
        }
        if (said.contains("authentication plugin") || said.contains("authentification plugin")) {
            return SqlFailures.source(
                    Layer.AUTHENTICATE,
                    "login_unknown",
                    "The server asks for a way to log in that Serai does not take: " + said,
                    false);
        }
        if (state.startsWith("08")) {
            return SqlFailures.source(Layer.CONNECT, "connection_lost", "The connection failed: " + said, true);
        }
        if (state.equals("70100")) {
            return SqlFailures.timeout(Layer.READ, "The source stopped the statement: " + said);
        }
        return SqlFailures.source(Layer.READ, REFUSED, "The server refused: " + said, false);
    }

    /** What went wrong below the protocol, where the driver wraps it. */
    private static @Nullable Failure byCause(SQLException e) {
        FailureException own = Dialer.failureIn(e);
        if (own != null) {
            return own.failure();
        }
        boolean connecting = said(e).contains("connecting") || said(e).contains("connect to");
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return connecting
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
                return tls(e, cause);
            }
        }
        return said(e).contains(WRONG_HOST)
                ? SqlFailures.source(
                        Layer.TLS, "tls_wrong_host", WRONG_HOST + ". Use the name it is for, or verify-ca.", false)
                : null;
    }

    private static Failure tls(SQLException e, Throwable cause) {
        return said(e).contains(TLS_CONFIG)
                ? SqlFailures.source(Layer.TLS, "tls_config", SqlFailures.firstLine(cause) + ".", false)
                : SqlFailures.source(
                        Layer.TLS,
                        "tls_failed",
                        "The TLS handshake failed: " + SqlFailures.firstLine(cause)
                                + ". Check ssl_ca, and the client certificate if the server asks for one.",
                        false);
    }

    static boolean offersNoTls(SQLException e) {
        return said(e).contains("ssl not enabled in the server");
    }

    /** The server's own words, first line only; they never repeat a password. */
    static String said(SQLException e) {
        return CONNECTION.matcher(SqlFailures.firstLine(e)).replaceFirst("");
    }
}
