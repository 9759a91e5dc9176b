package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ssl.NonValidatingFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * TLS with the certificates and the key of a config, which come as PEM text and never touch the disk. The driver makes
 * one for each connection and itself checks the host name where {@code verify-full} asks for it.
 */
public final class PostgresTls extends SSLSocketFactory {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTls.class);
    private static final char[] NO_PASSWORD = {};
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
        context.init(keys(certificate, key), trust(mode, ca), new SecureRandom());
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

    private static KeyManager @Nullable [] keys(@Nullable String certificate, @Nullable String key)
            throws GeneralSecurityException {
        if (certificate == null || key == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key(key), NO_PASSWORD, certificates("ssl_client_cert", certificate));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** As libpq does it: a CA that is given is used under {@code require} too. */
    private static TrustManager[] trust(String mode, @Nullable String ca) throws GeneralSecurityException {
        boolean verify = mode.startsWith("verify") || (mode.equals("require") && ca != null);
        if (!verify) {
            return new TrustManager[] {new NonValidatingFactory.NonValidatingTM()};
        }
        KeyStore trusted = null;
        if (ca != null) {
            trusted = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates("ssl_ca", ca)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }

    private static Certificate[] certificates(String property, String pem) throws GeneralSecurityException {
        List<X509Certificate> certificates;
        try {
            PemContent content = PemContent.of(pem);
            certificates = content == null ? List.of() : content.getCertificates();
        } catch (IllegalStateException e) {
            throw new GeneralSecurityException(property + " is not a certificate in PEM", e);
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException(property + " is not a certificate in PEM");
        }
        return certificates.toArray(Certificate[]::new);
    }

    /** Without a cause: it could repeat the text. */
    private static PrivateKey key(String pem) throws GeneralSecurityException {
        PrivateKey key = null;
        try {
            PemContent content = PemContent.of(pem);
            key = content == null ? null : content.getPrivateKey();
        } catch (IllegalStateException e) {
            LOG.debug("A client key cannot be read: {}", e.getClass().getSimpleName());
        }
        if (key == null) {
            throw new GeneralSecurityException("ssl_client_key is not a private key in PEM, or it is encrypted");
        }
        return key;
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
