package dev.serai.connector.search;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.Elasticsearch;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Do indices become datasets, and stay right as they change? Over HTTP, from a real server. */
class SearchSyncTest {
    private static final HttpCaller API = RunningSerai.shared().as("admin", "searches");
    private static final Elasticsearch SERVER = Elasticsearch.shared();

    @Test
    void mergesChangedDocumentsByTheirId() {
        SERVER.index("sync_orders", "{\"properties\": {\"at\": {\"type\": \"date\"}, \"n\": {\"type\": \"long\"}}}");
        SERVER.put(
                "sync_orders",
                Map.of(
                        "a",
                        "{\"at\": \"2026-01-01T00:00:00Z\", \"n\": 1}",
                        "b",
                        "{\"at\": \"2026-01-02T00:00:00Z\", \"n\": 1}"));
        String connector = API.post(
                        "/api/connectors", Map.of("name", "Search", "type", "es", "config", SERVER.config()))
                .expect(201)
                .path("id")
                .asText();
        String dataset = API.post(
                        "/api/datasets",
                        Map.of(
                                "connector_id", connector,
                                "model", "sync_orders",
                                "name", "search_orders",
                                "mode", "incremental",
                                "watermark_column", "at"))
                .expect(201)
                .path("id")
                .asText();
        assertThat(run(connector).path("rows_read").asInt()).isEqualTo(2);

        SERVER.put(
                "sync_orders",
                Map.of(
                        "b",
                        "{\"at\": \"2026-01-03T00:00:00Z\", \"n\": 2}",
                        "c",
                        "{\"at\": \"2026-01-04T00:00:00Z\", \"n\": 3}"));
        JsonNode second = run(connector);

        assertThat(second.path("mode").asText()).isEqualTo("incremental");
        assertThat(second.path("rows_read").asInt()).isEqualTo(2);
        JsonNode rows =
                API.get("/api/datasets/" + dataset + "/rows").expect(200).path("rows");
        assertThat(rows).extracting(row -> row.path(0).asText()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(run(connector).path("rows_written").asInt()).isZero();
    }

    private static JsonNode run(String connector) {
        String id = API.post("/api/connectors/" + connector + "/sync", Map.of())
                .expect(202)
                .path("run_id")
                .asText();
        await().atMost(Duration.ofSeconds(60)).until(() -> !List.of("queued", "running")
                .contains(API.get("/api/runs/" + id).expect(200).path("status").asText()));
        JsonNode run = API.get("/api/runs/" + id).expect(200);
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("succeeded");
        return run.path("datasets").path(0);
    }
}
