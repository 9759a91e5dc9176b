package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

import dev.serai.connector.sql.Dialing;
import dev.serai.connector.sql.PemTls;
import dev.serai.connector.sql.SqlErrors;
import dev.serai.connector.sql.SqlSettings;

/**
 * TLS of MariaDB's driver with the certificates and the key of a config, which never touch the disk. The driver finds
 * it as a service, by its type.
 */
public final class MariaTls implements TlsSocketPlugin {
    static final String TYPE = "serai";

    /** For the driver. */
    public MariaTls() {}

    /** The driver's name for it; it has none for {@code prefer}. */
    static String mode(SqlSettings settings) {
        return !PemTls.verifies(settings)
                ? "trust"
                : settings.sslMode().equals("verify-full") ? "verify-full" : "verify-ca";
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public TrustManager[] getTrustManager(Configuration configuration, ExceptionFactory failed, HostAddress address)
            throws SQLException {
        try {
            return PemTls.trust(settings(configuration));
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    @Override
    public KeyManager @Nullable [] getKeyManager(Configuration configuration, ExceptionFactory failed)
            throws SQLException {
        try {
            return PemTls.keys(settings(configuration));
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private static SqlSettings settings(Configuration configuration) throws SQLException {
        try {
            return Dialing.of(MariaSockets.dialing(configuration)).settings();
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private static SQLException unusable(GeneralSecurityException e) {
        return new SQLException(SqlErrors.TLS_CONFIG, new SSLException(e.getMessage(), e));
    }

    @Override
    public SSLSocket createSocket(Socket socket, SSLSocketFactory sockets) throws IOException {
        return (SSLSocket)
                sockets.createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    }

    @Override
    public void verify(String host, SSLSession session, long thread) throws SSLException {
        if (!PGjdbcHostnameVerifier.INSTANCE.verify(host, session)) {
            throw new SSLPeerUnverifiedException(MariaFailures.WRONG_HOST);
        }
    }
}
