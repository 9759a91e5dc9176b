package dev.serai.connector.sql;

import org.junit.jupiter.api.Test;

import dev.serai.connector.TestResult;
import dev.serai.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;

/** What every SQL type does with the certificates of a config and of its server, which shows {@link #SERVER}. */
public abstract class TlsContract {
    protected static final Certificate SERVER = Certificate.of("server", "dns:localhost");
    protected static final Certificate STRANGER = Certificate.of("stranger", "dns:localhost");

    /** Of the user {@code shown}, who has to show it. */
    protected static final Certificate CLIENT = Certificate.of("shown", "dns:client");

    /** @param changes of a config that works without TLS: name, value, name, value, … */
    protected abstract TestResult test(Object... changes);

    /** What the server says to {@code shown} without a certificate. */
    protected abstract String refusal();

    @Test
    void tellsTheStepWhereTlsIsUsed() {
        assertThat(Steps.of(test("sslmode", "verify-full", "ssl_ca", SERVER.pem())))
                .containsExactly("resolve", "connect", "tls", "authenticate", "authorize", "read");
        assertThat(Steps.of(test("sslmode", "disable"))).doesNotContain("tls");
    }

    @Test
    void aCertificateSignedByAnotherCaFailsInTls() {
        for (String mode : new String[] {"require", "verify-ca", "verify-full"}) {
            Steps.failed(test("sslmode", mode, "ssl_ca", STRANGER.pem()), "tls", "handshake failed");
        }
    }

    @Test
    void aCertificateThatNoCaOfJavaSignedFailsInTlsWithoutACaGiven() {
        Steps.failed(test("sslmode", "verify-full"), "tls", "handshake failed");
    }

    @Test
    void aCertificateForAnotherHostFailsUnderVerifyFullOnly() {
        Object[] address = {"host", "127.0.0.1", "ssl_ca", SERVER.pem(), "sslmode", "verify-full"};
        Steps.failed(test(address), "tls", "another host name");

        address[5] = "verify-ca";
        assertThat(test(address).ok()).isTrue();
    }

    @Test
    void textThatIsNoCertificateIsSaidToBeNone() {
        Steps.failed(test("sslmode", "require", "ssl_ca", "file:/etc/passwd"), "tls", "ssl_ca is not");
        TestResult key = test("sslmode", "require", "ssl_client_cert", CLIENT.pem(), "ssl_client_key", "s3cret");
        Steps.failed(key, "tls", "ssl_client_key is not");
        assertThat(key.toString()).doesNotContain("s3cret");
    }

    @Test
    void aClientCertificateLogsInWithoutAPassword() {
        Object[] shown = {
            "username",
            "shown",
            "password",
            "",
            "sslmode",
            "verify-full",
            "ssl_ca",
            SERVER.pem(),
            "ssl_client_cert",
            CLIENT.pem(),
            "ssl_client_key",
            CLIENT.key()
        };
        TestResult result = test(shown);
        assertThat(result.ok()).as(result.toString()).isTrue();

        shown[11] = null;
        Steps.failed(test(shown), "authenticate", refusal());
    }
}
