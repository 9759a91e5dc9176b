package dev.serai.connector.search;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.http.HttpTerms;

/**
 * How is a search server reached? A connector's config, typed; the catalog has checked it before.
 *
 * @param baseUrl without a slash at its end
 * @param apiKey as the server gives it out: {@code id:key}, or that in base64
 * @param pageSize most hits of a page
 * @param pageBytes about so many bytes a page is to have
 * @param keepAlive how long the server is to keep a read that nobody goes on with
 */
record SearchSettings(
        String baseUrl,
        @Nullable String username,
        @Nullable String password,
        @Nullable String apiKey,
        int pageSize,
        int pageBytes,
        Duration keepAlive,
        boolean compression,
        HttpTerms terms) {
    /** A page comes as fast as its rows are taken. */
    private static final Duration PAGE = Duration.ofMinutes(15);

    private static final int MEGABYTE = 1 << 20;

    static SearchSettings of(Map<String, ?> config) {
        String url = text(config, "base_url");
        if (url == null) {
            throw new IllegalArgumentException("The config has no base_url");
        }
        return new SearchSettings(
                url.replaceAll("/+$", ""),
                text(config, "username"),
                text(config, "password"),
                text(config, "api_key"),
                number(config, "page_size", 5_000),
                number(config, "page_megabytes", 8) * MEGABYTE,
                Duration.ofSeconds(number(config, "keep_alive", 300)),
                Boolean.TRUE.equals(config.get("compression")),
                new HttpTerms(
                        Duration.ofSeconds(number(config, "connect_timeout", 10)),
                        Duration.ofSeconds(number(config, "read_timeout", 60)),
                        PAGE,
                        text(config, "ssl_ca"),
                        text(config, "ca_fingerprint")));
    }

    SearchSettings with(HttpTerms other) {
        return new SearchSettings(
                baseUrl, username, password, apiKey, pageSize, pageBytes, keepAlive, compression, other);
    }

    Duration readTimeout() {
        return terms.readTimeout();
    }

    /** The header that says who asks; empty where nobody logs in. */
    Optional<String> authorization() {
        if (apiKey != null) {
            return Optional.of("ApiKey " + (apiKey.contains(":") ? base64(apiKey) : apiKey));
        } else if (username != null) {
            return Optional.of("Basic " + base64(username + ":" + (password == null ? "" : password)));
        }
        return Optional.empty();
    }

    boolean encrypted() {
        return baseUrl.regionMatches(true, 0, "https:", 0, 6);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return baseUrl;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(Map<String, ?> config, String name) {
        Object value = config.get(name);
        return value == null || value.toString().isBlank() ? null : value.toString();
    }

    private static int number(Map<String, ?> config, String name, int usual) {
        return config.get(name) instanceof Number number ? number.intValue() : usual;
    }
}
