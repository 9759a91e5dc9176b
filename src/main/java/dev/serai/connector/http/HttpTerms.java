package dev.serai.connector.http;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * On which terms does a connector speak HTTP?
 *
 * @param readTimeout longest wait for an answer to begin, and for its next bytes
 * @param answerTimeout longest time that one answer may take from its request to its last byte
 * @param sslCa PEM text of the certificates to trust; null: those that Java trusts
 * @param caFingerprint SHA-256 of a certificate that has to be in the server's chain and signs it, in hexadecimal; null: none
 */
public record HttpTerms(
        Duration connectTimeout,
        Duration readTimeout,
        Duration answerTimeout,
        @Nullable String sslCa,
        @Nullable String caFingerprint) {
    private static final int CONNECT = 10;
    private static final int READ = 60;
    private static final int ANSWER = 900;

    /** Of {@code connect_timeout}, {@code read_timeout}, {@code answer_timeout}, {@code ssl_ca}, {@code ca_fingerprint}. */
    public static HttpTerms of(Map<String, ?> config) {
        return new HttpTerms(
                seconds(config, "connect_timeout", CONNECT),
                seconds(config, "read_timeout", READ),
                seconds(config, "answer_timeout", ANSWER),
                text(config, "ssl_ca"),
                text(config, "ca_fingerprint"));
    }

    private static Duration seconds(Map<String, ?> config, String name, int usual) {
        return Duration.ofSeconds(config.get(name) instanceof Number number ? number.intValue() : usual);
    }

    private static @Nullable String text(Map<String, ?> config, String name) {
        Object value = config.get(name);
        return value == null || value.toString().isBlank() ? null : value.toString();
    }
}
