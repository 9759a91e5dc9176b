package dev.serai.connector.search;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.TestResult;
import dev.serai.testing.Certificate;
import dev.serai.testing.Elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

/** Does one get in, and is told where not? Through a double before the real server, which knows no logins. */
class SearchLoginTest {
    private static final Elasticsearch SERVER = Elasticsearch.shared();

    private static TestResult test(String url, Map<String, Object> config) {
        try (SearchSource source = SearchSourceTest.source(url, config)) {
            return source.test();
        }
    }

    private static Gate guarded(String authorization) {
        return new Gate(
                SERVER,
                null,
                "",
                asked -> authorization.equals(asked.authorization()) ? null : new Gate.Answer(401, "{}"));
    }

    @Test
    void logsInByPasswordOrKey() {
        try (Gate gate = guarded("Basic " + base64("ann:pä:ss"))) {
            assertThat(test(gate.url(), Map.of("username", "ann", "password", "pä:ss"))
                            .ok())
                    .isTrue();
            TestResult refused = test(gate.url(), Map.of("username", "ann", "password", "other"));
            assertThat(refused.category()).isEqualTo("authenticate");
            assertThat(refused.error()).doesNotContain("other");
        }
        try (Gate gate = guarded("ApiKey " + base64("id:key"))) {
            assertThat(test(gate.url(), Map.of("api_key", "id:key")).ok()).isTrue();
            assertThat(test(gate.url(), Map.of("api_key", base64("id:key"))).ok())
                    .isTrue();
            assertThat(test(gate.url(), Map.of()).category()).isEqualTo("authenticate");
        }
    }

    @ParameterizedTest
    @CsvSource({"403,authorize", "429,rate_limit", "503,read", "404,read"})
    void tellsWhereItWasRefused(int status, String category) {
        try (Gate gate =
                new Gate(SERVER, null, "", asked -> asked.path().equals("/") ? null : new Gate.Answer(status, "{}"))) {
            assertThat(test(gate.url(), Map.of()).category()).isEqualTo(category);
        }
    }

    @Test
    void trustsByTheFingerprintOrTheCaAndNobodyElse() throws Exception {
        Certificate certificate = Certificate.of("search", "dns:localhost");
        X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.pem().getBytes(StandardCharsets.US_ASCII)));
        String fingerprint = HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(parsed.getEncoded()));
        try (Gate gate = new Gate(SERVER, tls(certificate, parsed), "/es", asked -> null)) {
            assertThat(test(gate.url(), Map.of("ca_fingerprint", fingerprint)).error())
                    .isNull();
            assertThat(test(gate.url(), Map.of("ssl_ca", certificate.pem())).ok())
                    .isTrue();
            assertThat(test(gate.url(), Map.of()).category()).isEqualTo("tls");
            assertThat(test(gate.url(), Map.of("ca_fingerprint", "00".repeat(32)))
                            .category())
                    .isEqualTo("tls");
        }
    }

    private static SSLContext tls(Certificate certificate, X509Certificate parsed) throws Exception {
        byte[] der = Base64.getMimeDecoder().decode(certificate.key().replaceAll("-----[A-Z ]+-----", ""));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "it",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
                new char[0],
                new java.security.cert.Certificate[] {parsed});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
