package dev.serai.demo;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** The README's first screen, step by step. */
@Tag("full")
class DemoTest {
    private static final String README =
            """
            SELECT country, count(*) AS orders, sum(amount) AS revenue FROM orders \
            JOIN customers ON customers.id = customer_id GROUP BY ALL ORDER BY revenue DESC""";

    @Test
    void showsAMillionOrdersToWhoeverFollowsTheReadme() {
        try (RunningSerai serai = RunningSerai.start(Map.of("spring.profiles.active", "demo"))) {
            HttpCaller admin = serai.admin();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> ready(admin));
            JsonNode answer = admin.post("/api/query", Map.of("sql", README)).expect(200);
            assertThat(answer.path("rows")).hasSize(10);
            long orders = 0;
            for (JsonNode row : answer.path("rows")) {
                orders += row.get(1).asLong();
            }
            assertThat(orders).isGreaterThanOrEqualTo(1_000_000);
            assertThat(admin.get("/api/connectors").expect(200).path("items")).hasSize(1);
        }
    }

    private static boolean ready(HttpCaller admin) {
        JsonNode datasets = admin.get("/api/datasets").expect(200).path("items");
        int ready = 0;
        for (JsonNode dataset : datasets) {
            ready += dataset.path("status").asText().equals("ready") ? 1 : 0;
        }
        return ready == 3;
    }
}
