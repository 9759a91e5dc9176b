package dev.serai.connector.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whose certificates does a connector trust: those of Java, of a CA of its own, or of one known by its fingerprint? */
public final class HttpTrust {
    private HttpTrust() {}

    /** @throws FailureException {@code tls_config} where the CA is no PEM text */
    public static SSLContext context(HttpTerms terms) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            if (terms.caFingerprint() != null) {
                context.init(null, new TrustManager[] {new ByFingerprint(plain(terms.caFingerprint()))}, null);
            } else if (terms.sslCa() != null) {
                context.init(null, trusting(certificates(terms.sslCa())).getTrustManagers(), null);
            } else {
                context.init(null, null, null);
            }
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new FailureException(
                    new Failure.Source(Failure.Layer.TLS, "tls_config", "The CA certificate is not a PEM text.", false),
                    e);
        }
    }

    private static String plain(String fingerprint) {
        return fingerprint.replaceAll("[:\\s]", "").toLowerCase(Locale.ROOT);
    }

    private static List<Certificate> certificates(String pem) throws CertificateException {
        List<Certificate> found = List.copyOf(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
        if (found.isEmpty()) {
            throw new CertificateException("No certificate");
        }
        return found;
    }

    private static TrustManagerFactory trusting(List<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    /** Trusts a chain with that certificate in it, which then has to have signed the rest. */
    private static final class ByFingerprint extends X509ExtendedTrustManager {
        private final String fingerprint;

        ByFingerprint(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            delegate(chain).checkServerTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            delegate(chain).checkServerTrusted(chain, kind, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            delegate(chain).checkServerTrusted(chain, kind, engine);
        }

        private X509ExtendedTrustManager delegate(X509Certificate[] chain) throws CertificateException {
            try {
                for (X509Certificate one : chain) {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(one.getEncoded());
                    if (HexFormat.of().formatHex(digest).equals(fingerprint)) {
                        return (X509ExtendedTrustManager) trusting(List.of(one)).getTrustManagers()[0];
                    }
                }
            } catch (GeneralSecurityException | IOException e) {
                throw new CertificateException("The chain cannot be checked", e);
            }
            throw new CertificateException("No certificate of the chain has the fingerprint");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("Nobody logs in here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            throw new CertificateException("Nobody logs in here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("Nobody logs in here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
