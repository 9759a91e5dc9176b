package dev.serai.connector.rest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.serai.connector.ItemsServer;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Do the endpoints of an API become datasets, stay right as they change, and stay whole as it fails? Over HTTP. */
class RestSyncTest {
    private static final HttpCaller API = RunningSerai.shared().as("admin", "apis");
    private static final ItemsServer SOURCE = new ItemsServer();

    @AfterAll
    static void stop() {
        SOURCE.close();
    }

    private static String connector(String name, String path, Map<String, Object> endpoint) {
        Map<String, Object> all = new java.util.HashMap<>(Map.of("name", name, "path", path));
        all.putAll(endpoint);
        return API.post(
                        "/api/connectors",
                        Map.of(
                                "name",
                                name,
                                "type",
                                "rest",
                                "config",
                                Map.of(
                                        "base_url",
                                        SOURCE.url(),
                                        "auth",
                                        "api_key",
                                        "api_key",
                                        "s3cret-key",
                                        "api_key_in",
                                        "query",
                                        "max_retries",
                                        0,
                                        "endpoints",
                                        List.of(all))))
                .expect(201)
                .path("id")
                .asText();
    }

    private static String dataset(String connector, String name, Map<String, Object> more) {
        Map<String, Object> body =
                new java.util.HashMap<>(Map.of("connector_id", connector, "model", name, "name", name));
        body.putAll(more);
        return API.post("/api/datasets", body).expect(201).path("id").asText();
    }

    @Test
    void mergesWhatIsNewByItsKey() {
        AtomicReference<String> asked = new AtomicReference<>();
        SOURCE.on("/orders", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            asked.set(query);
            String later = "{\"id\":2,\"at\":\"2026-01-02T00:00:00Z\",\"lines\":[{\"sku\":\"a\"}]}";
            ItemsServer.send(
                    exchange,
                    200,
                    "application/json",
                    query.contains("since=2026-01-02T00:00:00Z")
                            ? "[" + later + ",{\"id\":3,\"at\":\"2026-01-03T00:00:00Z\",\"lines\":[]}]"
                            : "[{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\",\"lines\":[]}," + later + "]");
        });
        String connector = connector(
                "orders",
                "/orders",
                Map.of("key", List.of("id"), "watermark_param", "since", "watermark_column", "at"));
        String dataset = dataset(connector, "orders", Map.of("mode", "incremental", "watermark_column", "at"));

        assertThat(run(connector).path("rows_read").asInt()).isEqualTo(2);
        assertThat(asked.get()).doesNotContain("since");
        JsonNode second = run(connector);

        assertThat(asked.get()).as(second.toString()).contains("since=2026-01-02T00:00:00Z");
        assertThat(second.path("status").asText()).as(second.toString()).isEqualTo("succeeded");
        assertThat(second.path("mode").asText()).isEqualTo("incremental");
        JsonNode rows =
                API.get("/api/datasets/" + dataset + "/rows").expect(200).path("rows");
        assertThat(rows).extracting(row -> row.path(0).asInt()).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void keepsTheOldRowsWhereTheApiBreaksOff() {
        AtomicReference<Boolean> broken = new AtomicReference<>(false);
        SOURCE.on("/cut", exchange -> {
            boolean second = exchange.getRequestURI().getQuery().contains("page=2");
            if (!broken.get()) {
                ItemsServer.send(exchange, 200, "application/json", second ? "[]" : "[{\"id\":1},{\"id\":2}]");
            } else if (!second) {
                ItemsServer.send(exchange, 200, "application/json", "[{\"id\":7},{\"id\":8}]");
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 500);
                exchange.getResponseBody().write("[{\"id\":9},".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        });
        String connector = connector("cut", "/cut", Map.of("pagination", Map.of("type", "page")));
        String dataset = dataset(connector, "cut", Map.of("mode", "full"));
        assertThat(run(connector).path("status").asText()).isEqualTo("succeeded");

        broken.set(true);
        JsonNode failed = run(connector);

        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.path("error").path("code").asText()).isEqualTo("read_failed");
        JsonNode rows =
                API.get("/api/datasets/" + dataset + "/rows").expect(200).path("rows");
        assertThat(rows).extracting(row -> row.path(0).asInt()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void answersAsItsUsersAsk() {
        SOURCE.answer("/people", "application/json", "{\"people\":[{\"id\":1,\"name\":\"Ada\"}]}");
        SOURCE.on(
                "/refusing",
                exchange -> ItemsServer.send(
                        exchange,
                        400,
                        "application/json",
                        "{\"message\":\"No: " + exchange.getRequestURI().getQuery() + "\"}"));
        String connector = connector("people", "/people", Map.of("records", "$.people[*]"));

        JsonNode test =
                API.post("/api/connectors/" + connector + "/test", Map.of()).expect(200);
        assertThat(test.path("ok").asBoolean()).as(test.toString()).isTrue();
        assertThat(test.path("steps"))
                .extracting(step -> step.path("name").asText())
                .containsExactly("resolve", "connect", "authenticate", "authorize", "read");
        JsonNode models =
                API.get("/api/connectors/" + connector + "/models").expect(200).path("items");
        assertThat(models).hasSize(1);
        JsonNode model = API.get("/api/connectors/" + connector + "/models/"
                        + models.path(0).path("id").asText())
                .expect(200);
        assertThat(model.path("columns"))
                .extracting(column -> column.path("name").asText())
                .containsExactly("id", "name");
        assertThat(API.post("/api/connectors/" + connector + "/query", Map.of("query", "{\"endpoint\":\"people\"}"))
                        .expect(200)
                        .path("rows")
                        .toString())
                .isEqualTo("[[1,\"Ada\"]]");
        JsonNode refused = API.post("/api/connectors/" + connector + "/query", Map.of("query", "/refusing"))
                .expect(502);
        assertThat(refused.toString()).contains("It says: No").doesNotContain("s3cret-key");
    }

    @Test
    void tellsAllFaultsOfAConfigAtOnce() {
        JsonNode faults = API.post(
                        "/api/connectors",
                        Map.of(
                                "name", "wrong",
                                "type", "api_rest",
                                "config",
                                        Map.of(
                                                "base_url",
                                                "https://example.com/?key=1",
                                                "auth",
                                                "basic",
                                                "headers",
                                                Map.of("Authorization", "Bearer x"),
                                                "endpoints",
                                                List.of(
                                                        Map.of(
                                                                "name", "a",
                                                                "path", "/../a",
                                                                "records", "$..a",
                                                                "pagination", Map.of("type", "next_url")),
                                                        Map.of("name", "a", "path", "/b", "body", Map.of())))))
                .expect(422)
                .path("errors");

        assertThat(faults)
                .extracting(fault -> fault.path("pointer").asText())
                .containsExactlyInAnyOrder(
                        "/config/base_url",
                        "/config/username",
                        "/config/headers/Authorization",
                        "/config/endpoints/0/path",
                        "/config/endpoints/0/records",
                        "/config/endpoints/0/pagination/next",
                        "/config/endpoints/1/name",
                        "/config/endpoints/1/body");
    }

    private static JsonNode run(String connector) {
        String id = API.post("/api/connectors/" + connector + "/sync", Map.of())
                .expect(202)
                .path("run_id")
                .asText();
        await().atMost(Duration.ofSeconds(60)).until(() -> !List.of("queued", "running")
                .contains(API.get("/api/runs/" + id).expect(200).path("status").asText()));
        return API.get("/api/runs/" + id).expect(200).path("datasets").path(0);
    }
}
