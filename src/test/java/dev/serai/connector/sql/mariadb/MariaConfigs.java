package dev.serai.connector.sql.mariadb;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Settings;

/** Configs as the catalog hands them on, defaults filled in, and the beans made of them. */
final class MariaConfigs {
    private MariaConfigs() {}

    /** @param changes name, value, name, value, … */
    static Map<String, Object> config(MariaDb.Database database, Object... changes) {
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", database.password(),
                "sslmode", "prefer",
                "connect_timeout", 10,
                "read_timeout", 300));
        for (int i = 0; i < changes.length; i += 2) {
            config.put(String.valueOf(changes[i]), changes[i + 1]);
        }
        return config;
    }

    static MariaDatabase open(MariaDb.Database database, Object... changes) {
        return new MariaDatabase(config(database, changes), new EgressPolicy(Settings.of(Map.of())));
    }

    static TestResult test(MariaDb.Database server, Object... changes) {
        try (MariaDatabase database = open(server, changes)) {
            return database.test();
        }
    }

    static Map<String, Object> model(MariaDb.Database database, String name) {
        return Map.of("model", Map.of("schema", database.name(), "name", name));
    }

    /** A request for a model with more in it. */
    static Map<String, Object> model(MariaDb.Database database, String name, String key, Object value) {
        Map<String, Object> request = new LinkedHashMap<>(model(database, name));
        request.put(key, value);
        return request;
    }
}
