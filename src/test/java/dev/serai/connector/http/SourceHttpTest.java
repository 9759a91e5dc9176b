package dev.serai.connector.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.ItemsServer;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Certificate;
import dev.serai.testing.HttpProxy;
import dev.serai.testing.Settings;
import dev.serai.testing.StalledServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Does HTTP go only where it may, by the proxy where there is one, and end in time? */
class SourceHttpTest {
    private final ItemsServer server = new ItemsServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static SourceHttp http(Map<String, String> settings, Map<String, ?> config) {
        return new SourceHttp(HttpTerms.of(config), new EgressPolicy(Settings.of(settings)));
    }

    private static String text(SourceHttp http, String url) throws IOException {
        try (HttpAnswer answer = http.send(new HttpGet(url), Duration.ofSeconds(20))) {
            return answer.status() + " " + new String(answer.content().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Failure.Source failure(SourceHttp http, String url) throws IOException {
        try (http) {
            text(http, url);
        } catch (FailureException e) {
            return (Failure.Source) e.failure();
        }
        throw new AssertionError("It works");
    }

    @Test
    void unpacksWhatIsPacked() throws IOException {
        server.on("/packed", exchange -> {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write("{}".getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
        });

        try (SourceHttp http = http(Map.of(), Map.of())) {
            assertThat(text(http, server.url() + "/packed")).isEqualTo("200 {}");
        }
    }

    @Test
    void followsNoRedirect() throws IOException {
        server.on("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest");
            exchange.sendResponseHeaders(302, -1);
        });

        try (SourceHttp http = http(Map.of(), Map.of())) {
            assertThat(text(http, server.url() + "/moved")).isEqualTo("302 ");
        }
    }

    @Test
    void reachesOnlyAddressesThatAreAllowed() throws IOException {
        assertThat(failure(http(Map.of("serai.egress.private", "deny"), Map.of()), server.url() + "/x")
                        .code())
                .isEqualTo("address_denied");
        assertThat(failure(http(Map.of(), Map.of()), "http://169.254.169.254/latest")
                        .code())
                .isEqualTo("address_denied");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void goesByTheProxyAndIsJudgedEvenSo() throws IOException {
        server.answer("/far", "application/json", "{}");
        try (HttpProxy proxy = new HttpProxy(server.url())) {
            Map<String, String> settings = new HashMap<>(Map.of("serai.outbound.proxy", proxy.url()));
            try (SourceHttp http = http(settings, Map.of())) {
                // A name that only the proxy knows.
                assertThat(text(http, "http://api.invalid/far")).isEqualTo("200 {}");
                assertThat(proxy.asked()).containsExactly("http://api.invalid/far");
            }
            assertThat(failure(http(settings, Map.of()), "http://169.254.169.254/far")
                            .code())
                    .isEqualTo("address_denied");
            assertThat(failure(http(settings, Map.of()), "http://metadata/far").code())
                    .isEqualTo("address_denied");
            settings.put("serai.outbound.direct", "example.com,127.0.0.1");
            try (SourceHttp http = http(settings, Map.of())) {
                assertThat(text(http, server.url() + "/far")).isEqualTo("200 {}");
            }
            assertThat(proxy.asked()).hasSize(1);
        }
    }

    @Test
    void tellsNoPasswordOfTheProxy() {
        for (String proxy :
                new String[] {"ftp://u:s3cret@h", "http://u:s3cret@", "http://u:s3cret@h/path", "://s3cret"}) {
            try {
                new EgressPolicy(Settings.of(Map.of("serai.outbound.proxy", proxy)));
                throw new AssertionError(proxy + " is taken");
            } catch (FailureException e) {
                assertThat(e.failure().code()).isEqualTo("bad_setting");
                assertThat(e).hasMessageNotContaining("s3cret").hasNoCause();
            }
        }
    }

    @Test
    void endsAnAnswerThatNeverComesToItsEnd() throws IOException {
        for (StalledServer.Manner manner : StalledServer.Manner.values()) {
            try (StalledServer stalled = new StalledServer(manner);
                    SourceHttp http = http(Map.of(), Map.of("read_timeout", 1, "connect_timeout", 1))) {
                long start = System.nanoTime();
                try (HttpAnswer answer = http.send(new HttpGet(stalled.url()), Duration.ofSeconds(2))) {
                    answer.content().readAllBytes();
                    throw new AssertionError("It came to an end");
                } catch (FailureException e) {
                    assertThat(e.failure().code()).as(manner.name()).isEqualTo("timeout");
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            }
        }
    }

    @Test
    void trustsACaOrAFingerprintAndNobodyElse() throws Exception {
        Certificate certificate = Certificate.of("server", "ip:127.0.0.1");
        HttpsServer tls = encrypted(certificate);
        try {
            String url = "https://127.0.0.1:" + tls.getAddress().getPort() + "/";
            X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(certificate.pem().getBytes()));
            String fingerprint = HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(parsed.getEncoded()));

            try (SourceHttp byCa = http(Map.of(), Map.of("ssl_ca", certificate.pem()));
                    SourceHttp byPrint = http(Map.of(), Map.of("ca_fingerprint", fingerprint))) {
                assertThat(text(byCa, url)).isEqualTo("200 ok");
                assertThat(text(byPrint, url)).isEqualTo("200 ok");
            }
            String other = fingerprint.replace('A', 'B').replace('1', '2');
            for (Map<String, String> config : java.util.List.<Map<String, String>>of(
                    Map.of(),
                    Map.of("ca_fingerprint", other),
                    Map.of("ssl_ca", Certificate.of("other", "ip:127.0.0.1").pem()))) {
                assertThat(failure(http(Map.of(), config), url).layer()).isEqualTo(Failure.Layer.TLS);
            }
            String elsewhere = url.replace("127.0.0.1", "localhost");
            assertThat(failure(http(Map.of(), Map.of("ca_fingerprint", fingerprint)), elsewhere)
                            .layer())
                    .isEqualTo(Failure.Layer.TLS);
        } finally {
            tls.stop(0);
        }
    }

    private static HttpsServer encrypted(Certificate certificate) throws Exception {
        byte[] key = Base64.getMimeDecoder()
                .decode(certificate.key().replaceAll("-----[A-Z ]+-----", "").strip());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "it",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                new char[0],
                new java.security.cert.Certificate[] {
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(certificate.pem().getBytes()))
                });
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer tls = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(context));
        tls.createContext("/", exchange -> ItemsServer.send(exchange, 200, "text/plain", "ok"));
        tls.start();
        return tls;
    }
}
