package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import dev.serai.connector.sql.PemTls;
import dev.serai.connector.sql.SqlSettings;

/**
 * TLS with the certificates and the key of a config, which come as PEM text and never touch the disk. The driver makes
 * one for each connection and itself checks the host name where {@code verify-full} asks for it.
 */
public final class PostgresTls extends SSLSocketFactory {
    private static final String CA = "serai.ca";
    private static final String CERTIFICATE = "serai.certificate";
    private static final String KEY = "serai.key";

    private final SSLSocketFactory sockets;

    /** @param properties those of the connection */
    public PostgresTls(Properties properties) throws GeneralSecurityException {
        this(
                String.valueOf(PGProperty.SSL_MODE.getOrDefault(properties)),
                properties.getProperty(CA),
                properties.getProperty(CERTIFICATE),
                properties.getProperty(KEY));
    }

    PostgresTls(SqlSettings settings) throws GeneralSecurityException {
        this(settings.sslMode(), settings.sslCa(), settings.sslClientCert(), settings.sslClientKey());
    }

    private PostgresTls(String mode, @Nullable String ca, @Nullable String certificate, @Nullable String key)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(PemTls.keys(certificate, key), PemTls.trust(mode, ca), new SecureRandom());
        sockets = context.getSocketFactory();
    }

    static void configure(Properties properties, SqlSettings settings) {
        PGProperty.SSL_MODE.set(properties, settings.sslMode());
        PGProperty.SSL_FACTORY.set(properties, PostgresTls.class.getName());
        set(properties, CA, settings.sslCa());
        set(properties, CERTIFICATE, settings.sslClientCert());
        set(properties, KEY, settings.sslClientKey());
    }

    private static void set(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return sockets.createSocket(socket, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return sockets.createSocket(address, port, localAddress, localPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
