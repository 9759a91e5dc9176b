package dev.serai.connector.document;

import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Mongo;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Do documents become datasets, and stay right as they change? Over HTTP, from a double of the server. */
class MongoSyncTest {
    private static final HttpCaller API = RunningSerai.shared().as("admin", "documents");
    private static final Mongo MONGO = new Mongo();

    @AfterAll
    static void stop() {
        MONGO.close();
    }

    @Test
    void mergesChangedDocumentsByTheirId() {
        MONGO.put("orders", List.of(order(1, 0), order(2, 1000)));
        String connector = API.post(
                        "/api/connectors", Map.of("name", "Mongo", "type", "mongo", "config", MONGO.config()))
                .expect(201)
                .path("id")
                .asText();
        String dataset = API.post(
                        "/api/datasets",
                        Map.of(
                                "connector_id", connector,
                                "model", "shop.orders",
                                "name", "orders",
                                "mode", "incremental",
                                "watermark_column", "at"))
                .expect(201)
                .path("id")
                .asText();
        assertThat(run(connector).path("rows_read").asInt()).isEqualTo(2);

        MONGO.collection("orders")
                .replaceOne(new Document("_id", 2), order(2, 2000).append("new", "field"));
        MONGO.collection("orders").insertOne(order(3, 3000));
        JsonNode second = run(connector);

        assertThat(second.path("mode").asText()).isEqualTo("incremental");
        assertThat(second.path("rows_read").asInt()).isEqualTo(2);
        JsonNode rows =
                API.get("/api/datasets/" + dataset + "/rows").expect(200).path("rows");
        assertThat(rows).extracting(row -> row.path(0).asInt()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(rows.toString()).contains("\"field\"");
        assertThat(run(connector).path("rows_written").asInt()).isZero();
    }

    private static Document order(int id, long later) {
        return new Document("_id", id)
                .append("at", new Date(1_700_000_000_000L + later))
                .append("lines", List.of(new Document("sku", "a")));
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
