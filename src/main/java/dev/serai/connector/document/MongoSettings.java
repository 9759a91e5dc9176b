package dev.serai.connector.document;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.mongodb.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * How is a MongoDB reached? A connector's config, typed; the catalog has checked it before.
 *
 * @param hosts each as {@code host} or {@code host:port}; one without a port where SRV records tell the rest
 * @param sslCa PEM text, as are the client's certificate and key
 */
record MongoSettings(
        List<String> hosts,
        int port,
        String database,
        @Nullable String username,
        @Nullable String password,
        String authSource,
        @Nullable String authMechanism,
        @Nullable String replicaSet,
        boolean srv,
        boolean tls,
        @Nullable String sslCa,
        @Nullable String sslClientCert,
        @Nullable String sslClientKey,
        String readPreference,
        int batchSize,
        Duration connectTimeout,
        Duration readTimeout) {

    static MongoSettings of(Map<String, ?> config) {
        String host = text(config, "host");
        String hosts = text(config, "hosts");
        boolean srv = Boolean.TRUE.equals(config.get("srv"));
        Object tls = config.get("tls");
        String database = text(config, "database");
        if (database == null || (host == null && hosts == null)) {
            throw new IllegalArgumentException("The config has no database or no host");
        }
        return new MongoSettings(
                split(hosts == null ? String.valueOf(host) : hosts),
                number(config, "port", 27017),
                database,
                text(config, "username"),
                text(config, "password"),
                or(text(config, "auth_source"), "admin"),
                text(config, "auth_mechanism"),
                text(config, "replica_set"),
                srv,
                tls == null ? srv : Boolean.TRUE.equals(tls),
                text(config, "ssl_ca"),
                text(config, "ssl_client_cert"),
                text(config, "ssl_client_key"),
                or(text(config, "read_preference"), "primaryPreferred"),
                number(config, "batch_size", 1000),
                Duration.ofSeconds(number(config, "connect_timeout", 10)),
                Duration.ofSeconds(number(config, "read_timeout", 300)));
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return hosts + "/" + database;
    }

    List<ServerAddress> addresses() {
        return hosts.stream()
                .map(host -> host.matches("(\\[[^]]*]|[^:]*):\\d+")
                        ? new ServerAddress(host)
                        : new ServerAddress(host, port))
                .toList();
    }

    private static List<String> split(String hosts) {
        List<String> all = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            if (!host.isBlank()) {
                all.add(host.strip());
            }
        }
        return List.copyOf(all);
    }

    private static String or(@Nullable String value, String fallback) {
        return value == null ? fallback : value;
    }

    private static @Nullable String text(Map<String, ?> config, String name) {
        Object value = config.get(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private static int number(Map<String, ?> config, String name, int fallback) {
        Object value = config.get(name);
        return value instanceof Number number ? number.intValue() : fallback;
    }
}
