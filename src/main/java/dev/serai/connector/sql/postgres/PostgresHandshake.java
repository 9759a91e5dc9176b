package dev.serai.connector.sql.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

import dev.serai.connector.sql.ProbeWay;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.connector.sql.SqlSettings;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** Does a PostgreSQL server speak TLS on a connected socket, and as the config asks for it? */
final class PostgresHandshake {
    /** Length and code of the message that asks a server for TLS. */
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    private final SqlSettings settings;
    private final Socket socket;
    private final Supplier<Duration> patience;

    /** @param patience how long to wait for an answer */
    PostgresHandshake(SqlSettings settings, Socket socket, Supplier<Duration> patience) {
        this.settings = settings;
        this.socket = socket;
        this.patience = patience;
    }

    /**
     * Whether the connection is encrypted now; false only where the config does not insist on it.
     *
     * @throws FailureException at {@link Layer#TLS}
     */
    boolean secure() {
        if (settings.sslMode().equals("disable")) {
            return false;
        }
        try {
            if (!isOffered()) {
                return missing();
            }
            handshake();
            return true;
        } catch (SocketTimeoutException e) {
            throw failure(
                    "timeout",
                    "The port accepts connections but does not answer. Is it PostgreSQL that listens there?",
                    e);
        } catch (SSLException e) {
            throw failure(
                    "tls_failed",
                    "The TLS handshake failed: " + SqlFailures.firstLine(e)
                            + ". Check ssl_ca, and the client certificate if the server asks for one.",
                    e);
        } catch (IOException e) {
            throw failure(
                    "tls_failed",
                    "The server hung up while TLS was asked for. Is it PostgreSQL that listens there?",
                    e);
        } catch (GeneralSecurityException e) {
            throw failure("tls_config", SqlFailures.firstLine(e) + ".", e);
        }
    }

    private boolean isOffered() throws IOException {
        socket.setSoTimeout(millis());
        socket.getOutputStream().write(SSL_REQUEST);
        socket.getOutputStream().flush();
        int answer = socket.getInputStream().read();
        if (answer < 0) {
            throw new EOFException("The server hung up");
        }
        return answer == 'S';
    }

    private boolean missing() {
        if (settings.sslMode().equals("prefer")) {
            return false;
        }
        throw failure(
                "tls_unavailable",
                "The server offers no TLS, which sslmode " + settings.sslMode()
                        + " insists on. Turn it on at the server, or choose prefer or disable.",
                null);
    }

    private void handshake() throws IOException, GeneralSecurityException {
        var tls = (SSLSocket) new PostgresTls(settings).createSocket(socket, settings.address(), settings.port(), true);
        tls.setSoTimeout(millis());
        tls.startHandshake();
        if (settings.sslMode().equals("verify-full")
                && !PGjdbcHostnameVerifier.INSTANCE.verify(settings.address(), tls.getSession())) {
            throw failure(
                    "tls_wrong_host",
                    "The server's certificate is for another host name. Use the name it is for, or verify-ca.",
                    null);
        }
    }

    private int millis() {
        return Math.max(1, Math.toIntExact(patience.get().toMillis()));
    }

    private static FailureException failure(String code, String detail, @Nullable Exception cause) {
        return ProbeWay.failure(Layer.TLS, code, detail, cause);
    }
}
