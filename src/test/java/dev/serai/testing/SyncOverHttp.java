package dev.serai.testing;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import static org.awaitility.Awaitility.await;

/** A connector to a test's database, made, filled with datasets and synced by nothing but the API. */
public final class SyncOverHttp {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final HttpCaller api;
    private final String connector;
    private final String schema;

    private SyncOverHttp(HttpCaller api, String connector, String schema) {
        this.api = api;
        this.connector = connector;
        this.schema = schema;
    }

    public static SyncOverHttp from(Postgres.Database database, HttpCaller api) {
        return from(database.name(), database, api);
    }

    /** @param name of the connector */
    public static SyncOverHttp from(String name, Postgres.Database database, HttpCaller api) {
        return new SyncOverHttp(
                api,
                connector(
                        api,
                        name,
                        "postgresql",
                        database.host(),
                        database.port(),
                        database.name(),
                        database.username(),
                        database.password()),
                "public");
    }

    public static SyncOverHttp from(MariaDb.Database database, HttpCaller api) {
        return new SyncOverHttp(
                api,
                connector(
                        api,
                        database.name(),
                        "mariadb",
                        database.host(),
                        database.port(),
                        database.name(),
                        database.username(),
                        database.password()),
                database.name());
    }

    /** From a connector that is there. */
    public static SyncOverHttp from(String connector, HttpCaller api) {
        return new SyncOverHttp(api, connector, "public");
    }

    private static String connector(
            HttpCaller api,
            String name,
            String type,
            String host,
            int port,
            String database,
            String username,
            String password) {
        Map<String, Object> config = Map.of(
                "host", host,
                "port", port,
                "database", database,
                "username", username,
                "password", password,
                "sslmode", "disable");
        return api.post("/api/connectors", Map.of("name", name, "type", type, "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    /** Adds a table of the database's usual schema as a dataset of the same name. */
    public SyncOverHttp table(String name) {
        return table(name, name, 1);
    }

    /** The same under a name of its own, read over several connections. */
    public SyncOverHttp table(String table, String name, int parallelism) {
        api.post(
                        "/api/datasets",
                        Map.of(
                                "connector_id",
                                connector,
                                "model",
                                schema + "." + table,
                                "name",
                                name,
                                "parallelism",
                                parallelism))
                .expect(201);
        return this;
    }

    /** Syncs all datasets; returns the run once it has ended, however that was. */
    public JsonNode run() {
        return ended(start());
    }

    /** Asks for a sync of all datasets; gives the run's id. */
    public String start() {
        return api.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
    }

    /** The run once it has ended, however that was. */
    public JsonNode ended(String run) {
        return await().atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.get("/api/runs/" + run).expect(200), it -> it.hasNonNull("ended_at"));
    }
}
