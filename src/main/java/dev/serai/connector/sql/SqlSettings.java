package dev.serai.connector.sql;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.ssh.SshSettings;

/**
 * How is a SQL database reached? A connector's config, typed; the catalog has checked it before.
 *
 * @param sslCa PEM text, as are the client's certificate and key
 * @param poolSize connections kept open
 * @param maxOverflow how many more there may be
 * @param poolRecycle the age at which a connection is replaced
 * @param ssh the server that leads to it; null where it is reached directly
 */
public record SqlSettings(
        String host,
        int port,
        String database,
        String username,
        String password,
        String sslMode,
        @Nullable String sslCa,
        @Nullable String sslClientCert,
        @Nullable String sslClientKey,
        int poolSize,
        int maxOverflow,
        Duration poolRecycle,
        Duration connectTimeout,
        Duration readTimeout,
        @Nullable SshSettings ssh) {

    /** @param defaultPort the vendor's */
    static SqlSettings of(Map<String, ?> config, int defaultPort) {
        return new SqlSettings(
                required(config, "host"),
                number(config, "port", defaultPort),
                required(config, "database"),
                required(config, "username"),
                text(config, "password", ""),
                text(config, "sslmode", "prefer"),
                optional(config, "ssl_ca"),
                optional(config, "ssl_client_cert"),
                optional(config, "ssl_client_key"),
                number(config, "pool_size", 5),
                number(config, "max_overflow", 15),
                Duration.ofSeconds(number(config, "pool_recycle", 1800)),
                Duration.ofSeconds(number(config, "connect_timeout", 10)),
                Duration.ofSeconds(number(config, "read_timeout", 300)),
                SshSettings.of(config).orElse(null));
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return username + "@" + host + ":" + port + "/" + database;
    }

    /** The host as sockets take it: an IPv6 address without its brackets. */
    public String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String required(Map<String, ?> config, String name) {
        String value = optional(config, name);
        if (value == null) {
            throw new IllegalArgumentException("The config has no " + name);
        }
        return value;
    }

    private static String text(Map<String, ?> config, String name, String fallback) {
        String value = optional(config, name);
        return value == null ? fallback : value;
    }

    private static @Nullable String optional(Map<String, ?> config, String name) {
        Object value = config.get(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private static int number(Map<String, ?> config, String name, int fallback) {
        Object value = config.get(name);
        return value instanceof Number number ? number.intValue() : fallback;
    }
}
