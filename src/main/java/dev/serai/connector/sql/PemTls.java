package dev.serai.connector.sql;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.NonValidatingFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;

/** Whom does a config trust, and with which key does it come? The PEM texts of a config, as JSSE takes them. */
public final class PemTls {
    private static final Logger LOG = LoggerFactory.getLogger(PemTls.class);
    private static final char[] NO_PASSWORD = {};

    private PemTls() {}

    public static KeyManager @Nullable [] keys(SqlSettings settings) throws GeneralSecurityException {
        return keys(settings.sslClientCert(), settings.sslClientKey());
    }

    public static TrustManager[] trust(SqlSettings settings) throws GeneralSecurityException {
        return trust(settings.sslMode(), settings.sslCa());
    }

    /** Whether it matters who signed the server's certificate. */
    public static boolean verifies(SqlSettings settings) {
        return verifies(settings.sslMode(), settings.sslCa());
    }

    /** As libpq does it: a CA that is given is used under {@code require} too. */
    private static boolean verifies(String mode, @Nullable String ca) {
        return mode.startsWith("verify") || (mode.equals("require") && ca != null);
    }

    public static KeyManager @Nullable [] keys(@Nullable String certificate, @Nullable String key)
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

    public static TrustManager[] trust(String mode, @Nullable String ca) throws GeneralSecurityException {
        if (!verifies(mode, ca)) {
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
}
