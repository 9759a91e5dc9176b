package dev.serai.sync;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A sync from a source that refuses COPY, as its users see it. */
class CursorSyncTest {
    private final RunningSerai serai = RunningSerai.shared();
    private final HttpCaller admin = serai.as("admin", "cursor-sync");

    @Test
    void theRunNamesTheCursor() {
        Postgres.Database server = Postgres.database();
        server.execute("CREATE TABLE orders AS SELECT i AS id, 'item ' || i AS item FROM generate_series(1, 3000) i");
        try (PostgresProxy proxy = new PostgresProxy(server)
                .refuseCopy("0A000", "unimplemented: binary format for COPY TO not implemented")) {
            Postgres.Database database = proxy.database();
            String connector = admin.post(
                            "/api/connectors",
                            Map.of("name", "Without COPY", "type", "postgresql", "config", database.config()))
                    .expect(201)
                    .path("id")
                    .asText();
            admin.post("/api/datasets", Map.of("connector_id", connector, "model", "public.orders", "name", "fetched"))
                    .expect(201);
            double before = warnings();

            JsonNode first = sync(connector);
            JsonNode second = sync(connector);

            for (JsonNode dataset : new JsonNode[] {first, second}) {
                assertThat(dataset.path("status").asText()).isEqualTo("succeeded");
                assertThat(dataset.path("rows_written").asInt()).isEqualTo(3000);
                assertThat(dataset.path("warnings")).hasSize(1);
                JsonNode warning = dataset.at("/warnings/0");
                assertThat(warning.path("code").asText()).isEqualTo("read_by_cursor");
                assertThat(warning.hasNonNull("count")).isFalse();
                assertThat(warning.path("detail").asText()).contains("binary format for COPY TO");
            }
            assertThat(proxy.asked("COPY")).isEqualTo(1);
            assertThat(warnings()).isEqualTo(before + 2);
            assertThat(admin.get("/api/connectors/" + connector + "/models/public.orders/preview")
                            .expect(200)
                            .path("rows"))
                    .isNotEmpty();
        }
    }

    private double warnings() {
        return serai.bean(MeterRegistry.class)
                .counter("serai.sync.warnings", "type", "postgresql", "code", "read_by_cursor")
                .count();
    }

    private JsonNode sync(String connector) {
        String run = admin.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.get("/api/runs/" + run).expect(200), it -> it.hasNonNull("ended_at"))
                .at("/datasets/0");
    }
}
