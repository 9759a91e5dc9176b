package dev.serai.connector.document;

import javax.net.ssl.SSLContext;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

import dev.serai.failure.Failure.Layer;

/** Whom does a config trust, and with which key does it come? */
final class MongoTls {
    private MongoTls() {}

    /** @throws dev.serai.failure.FailureException where a text is no PEM; without its cause, which may repeat a key */
    static SSLContext context(MongoSettings settings) {
        boolean withKey = settings.sslClientCert() != null && settings.sslClientKey() != null;
        try {
            PemSslStoreDetails key = withKey
                    ? PemSslStoreDetails.forCertificate(settings.sslClientCert())
                            .withPrivateKey(settings.sslClientKey())
                    : null;
            PemSslStoreDetails trust =
                    settings.sslCa() == null ? null : PemSslStoreDetails.forCertificate(settings.sslCa());
            return SslBundle.of(new PemSslStoreBundle(key, trust)).createSslContext();
        } catch (RuntimeException e) {
            throw MongoFailures.exception(
                    Layer.TLS, "tls_config", "The certificates or the key are not PEM texts.", false, null);
        }
    }
}
