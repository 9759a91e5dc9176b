package dev.serai.sync;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.PgBouncer;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A connector behind PgBouncer, as its users see it. */
@Tag("full")
class PgBouncerSyncTest {
    private final HttpCaller admin = RunningSerai.shared().as("admin", "pgbouncer-sync");
    private final Postgres.Database server = Postgres.database();

    @Test
    void isTestedLookedThroughAskedSyncedAndCancelledInTransactionMode() throws Exception {
        server.execute(
                "CREATE TABLE orders AS SELECT i AS id, 'item ' || i AS item FROM generate_series(1, 3000) i",
                "CREATE VIEW slow AS SELECT id, pg_sleep(60)::text AS slept FROM orders");
        try (PgBouncer bouncer = PgBouncer.before(server, "transaction", 2)) {
            String path = connector(bouncer.database());
            dataset(path, "orders");
            for (int i = 0; i < 3; i++) {
                assertThat(admin.post(path + "/test", null)
                                .expect(200)
                                .path("ok")
                                .asBoolean())
                        .isTrue();
                assertThat(admin.get(path + "/models?refresh=true").expect(200).path("items"))
                        .hasSize(2);
                assertThat(admin.get(path + "/models/public.orders/preview")
                                .expect(200)
                                .path("rows"))
                        .isNotEmpty();
                JsonNode answer = admin.post(
                                path + "/query",
                                Map.of("sql", "SELECT item FROM orders WHERE id = $1", "params", List.of(7)))
                        .expect(200);
                assertThat(answer.path("rows").toString()).isEqualTo("[[\"item 7\"]]");
                admin.post(path + "/query", Map.of("sql", "SELECT 1 / (id - id) FROM orders"))
                        .problem(400);
                JsonNode run = ended(start(path));
                assertThat(run.path("status").asText()).as(run.toPrettyString()).isEqualTo("succeeded");
                assertThat(run.at("/datasets/0/rows_written").asInt()).isEqualTo(3000);
                assertThat(run.at("/datasets/0/warnings")).isEmpty();
            }

            dataset(path, "slow");
            String run = start(path);
            await().atMost(Duration.ofSeconds(20)).until(() -> sleeping() == 1);
            admin.post("/api/runs/" + run + "/cancel", null);
            assertThat(ended(run).path("status").asText()).isEqualTo("cancelled");
            await().atMost(Duration.ofSeconds(10)).until(() -> sleeping() == 0);
        }
    }

    private String connector(Postgres.Database database) {
        String id = admin.post(
                        "/api/connectors", Map.of("name", "Pooled", "type", "postgresql", "config", database.config()))
                .expect(201)
                .path("id")
                .asText();
        return "/api/connectors/" + id;
    }

    private void dataset(String path, String model) {
        String connector = path.substring(path.lastIndexOf('/') + 1);
        admin.post(
                        "/api/datasets",
                        Map.of("connector_id", connector, "model", "public." + model, "name", "pooled_" + model))
                .expect(201);
    }

    private String start(String path) {
        return admin.post(path + "/sync", null).expect(202).path("run_id").asText();
    }

    private JsonNode ended(String run) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.get("/api/runs/" + run).expect(200), it -> it.hasNonNull("ended_at"));
    }

    private int sleeping() throws SQLException {
        try (Connection connection = server.connectAsSuperuser();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = ? AND wait_event = 'PgSleep'")) {
            statement.setString(1, server.username());
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getInt(1);
            }
        }
    }
}
