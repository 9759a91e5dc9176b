package dev.serai.connector.sql.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.serai.connector.EgressPolicy;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

/** Configs as the catalog hands them on, defaults filled in, and the beans made of them. */
public final class PostgresConfigs {
    private PostgresConfigs() {}

    /** @param changes name, value, name, value, … */
    public static Map<String, Object> config(Postgres.Database database, Object... changes) {
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

    public static PostgresDatabase open(Postgres.Database database, Object... changes) {
        return new PostgresDatabase(config(database, changes), new EgressPolicy(Settings.of(Map.of())));
    }
}
