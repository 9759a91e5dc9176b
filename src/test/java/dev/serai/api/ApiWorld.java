package dev.serai.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

/** A project with a PostgreSQL connector, a dataset that was synced, and somebody of each role. */
final class ApiWorld {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final RunningSerai serai;
    private final String project;
    private final Postgres.Database database = Postgres.database();
    private final String connector;
    private final String dataset;
    private final String run;

    ApiWorld(RunningSerai serai, String project) {
        this.serai = serai;
        this.project = project;
        database.execute(
                "CREATE TABLE items (id bigint PRIMARY KEY, name text NOT NULL, price numeric(10,2))",
                "INSERT INTO items SELECT i, 'item ' || i, i / 4.0 FROM generate_series(1, 250) i");
        connector = newConnector();
        dataset = newDataset(connector, Map.of("model", "public.items", "name", unique("items")));
        run = sync(connector);
    }

    HttpCaller admin() {
        return serai.as("admin", project);
    }

    HttpCaller as(String role) {
        return role.equals("none") ? serai.nobody() : serai.as(role, project);
    }

    /** Changes the source. */
    void execute(String... statements) {
        database.execute(statements);
    }

    String connector() {
        return connector;
    }

    String dataset() {
        return dataset;
    }

    String datasetName() {
        return admin().get("/api/datasets/" + dataset).expect(200).path("name").asText();
    }

    /** Of a run that has ended. */
    String run() {
        return run;
    }

    static String unique(String name) {
        return name + NUMBER.incrementAndGet();
    }

    Map<String, Object> config() {
        return Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", database.password());
    }

    String newConnector() {
        return admin().post(
                        "/api/connectors", Map.of("name", unique("Items "), "type", "postgresql", "config", config()))
                .expect(201)
                .path("id")
                .asText();
    }

    String newDataset(String connectorId, Map<String, Object> fields) {
        Map<String, Object> body = new java.util.HashMap<>(fields);
        body.put("connector_id", connectorId);
        return admin().post("/api/datasets", body).expect(201).path("id").asText();
    }

    /** Syncs a connector and waits until that has ended. */
    String sync(String connectorId) {
        String id = admin().post("/api/connectors/" + connectorId + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        ended(id);
        return id;
    }

    /** The run, once it has ended. */
    JsonNode ended(String id) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> admin().get("/api/runs/" + id).expect(200), run -> !List.of("queued", "running")
                        .contains(run.path("status").asText()));
    }

    /** Until no run of the connector is going on. */
    void idle(String connectorId) {
        JsonNode runs =
                admin().get("/api/connectors/" + connectorId + "/runs?limit=1").expect(200);
        runs.path("items").forEach(newest -> ended(newest.path("id").asText()));
    }
}
