package dev.serai.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the audit tells an admin of what others did, seen from outside. */
class AuditTest {
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final String PROJECT = "audit";
    private static final ApiWorld WORLD = new ApiWorld(SERAI, PROJECT);
    private static final HttpCaller ADMIN = WORLD.admin();

    private static List<JsonNode> lines(HttpCaller who, String query) {
        List<JsonNode> lines = new ArrayList<>();
        who.get("/api/audit?" + query).expect(200).path("items").forEach(lines::add);
        return lines;
    }

    private static JsonNode line(String query) {
        return line(ADMIN, query);
    }

    /** The newest such line, once it is there. */
    private static JsonNode line(HttpCaller who, String query) {
        return await().atMost(Duration.ofSeconds(10))
                .until(() -> lines(who, query + "&limit=1"), found -> !found.isEmpty())
                .get(0);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void tellsWhoMadeChangedAndDeletedAConnector() {
        String id = WORLD.newConnector();
        JsonNode made = line("action=connector.create&object=" + id);
        assertThat(made.path("actor").asText()).isEqualTo("admin-of-" + PROJECT);
        assertThat(made.path("via").asText()).startsWith("token:tok_");
        assertThat(made.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(made.path("outcome").asText()).isEqualTo("ok");
        assertThat(made.path("connector_id").asText()).isEqualTo(id);
        assertThat(made.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(texts(made.at("/details/fields"))).contains("config.host", "config.password");

        ADMIN.patch(
                        "/api/connectors/" + id,
                        Map.of("description", "x", "config", Map.of("password", "planted-secret", "read_timeout", 7)))
                .expect(200);
        JsonNode changed = line("action=connector.change&object=" + id);
        assertThat(texts(changed.at("/details/fields")))
                .containsExactly("config.password", "config.read_timeout", "description");

        ADMIN.patch("/api/connectors/" + id, Map.of("config", Map.of("host", "evil.example.com")))
                .problem(422);
        JsonNode refused = await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> line("action=connector.change&object=" + id),
                        newest -> newest.path("outcome").asText().equals("failed"));
        assertThat(refused.path("code").asText()).isEqualTo("secret_required");
        assertThat(texts(refused.at("/details/fields"))).containsExactly("config.host");

        ADMIN.delete("/api/connectors/" + id);
        assertThat(line("action=connector.delete&object=" + id)
                        .path("object_name")
                        .asText())
                .startsWith("Items");
        assertThat(lines(ADMIN, "connector_id=" + id).toString()).doesNotContain("planted-secret", "evil.example");
    }

    @Test
    void tellsWhatWasTestedAndQueriedWithoutWhatWasLookedFor() {
        String id = WORLD.newConnector();
        ADMIN.post("/api/connectors/" + id + "/test", null).expect(200);
        assertThat(line("action=connector.test&object=" + id).path("outcome").asText())
                .isEqualTo("ok");
        ADMIN.post("/api/connectors/" + id + "/test", Map.of("config", Map.of("password", "planted-secret")))
                .expect(200);
        JsonNode failed = await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> line("action=connector.test&object=" + id),
                        newest -> newest.path("outcome").asText().equals("failed"));
        assertThat(failed.path("code").asText()).isEqualTo("authenticate");

        HttpCaller member = WORLD.as("member");
        member.post(
                        "/api/connectors/" + id + "/query",
                        Map.of(
                                "sql",
                                "SELECT name FROM items WHERE name = 'planted-name' AND id = $1",
                                "params",
                                List.of(4711)))
                .expect(200);
        JsonNode query = line("action=connector.query&object=" + id);
        assertThat(query.path("actor").asText()).isEqualTo("member-of-" + PROJECT);
        assertThat(query.at("/details/sql").asText()).isEqualTo("SELECT name FROM items WHERE name = ? AND id = $1");

        HttpCaller viewer = WORLD.as("viewer");
        viewer.post("/api/query", Map.of("sql", "SELECT name FROM " + WORLD.datasetName() + " WHERE id = 4711"))
                .expect(200);
        assertThat(line("action=dataset.query&actor=viewer-of-" + PROJECT)
                        .at("/details/sql")
                        .asText())
                .isEqualTo("SELECT name FROM " + WORLD.datasetName() + " WHERE id = ?");
        viewer.post("/api/query", Map.of("sql", "SELECT * FROM read_csv('/etc/passwd')"));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(line("action=dataset.query&actor=viewer-of-" + PROJECT)
                                .path("outcome")
                                .asText())
                        .isEqualTo("failed"));
        viewer.get("/api/datasets/" + WORLD.dataset() + "/rows?limit=3&columns=name")
                .expect(200);
        assertThat(line("action=dataset.read&object=" + WORLD.dataset())
                        .at("/details/columns")
                        .asText())
                .isEqualTo("name");
        assertThat(lines(ADMIN, "limit=1000").toString()).doesNotContain("planted", "4711", "/etc/passwd");
    }

    @Test
    void tellsOfDatasetsAndSyncs() {
        String dataset = WORLD.newDataset(
                WORLD.connector(),
                Map.of("model", "public.items", "name", ApiWorld.unique("audited"), "watermark_column", "id"));
        ADMIN.patch("/api/datasets/" + dataset, Map.of("readers", List.of("finance")))
                .expect(200);
        ADMIN.put("/api/datasets/" + dataset + "/watermark", Map.of("value", "5"))
                .expect(200);
        ADMIN.delete("/api/datasets/" + dataset);
        assertThat(lines(ADMIN, "object=" + dataset))
                .extracting(line -> line.path("action").asText())
                .containsExactly("dataset.delete", "dataset.watermark", "dataset.change", "dataset.create");
        JsonNode changed = line("action=dataset.change&object=" + dataset);
        assertThat(texts(changed.at("/details/fields"))).containsExactly("readers");
        assertThat(texts(changed.at("/details/readers"))).containsExactly("finance");
        assertThat(changed.path("connector_id").asText()).isEqualTo(WORLD.connector());

        WORLD.idle(WORLD.connector());
        String run = WORLD.sync(WORLD.connector());
        assertThat(line("action=sync.start&object=" + run)
                        .at("/details/trigger")
                        .asText())
                .isEqualTo("manual");
        ADMIN.post("/api/runs/" + run + "/cancel", null).problem(409);
        assertThat(line("action=sync.cancel&object=" + run).path("code").asText())
                .isEqualTo("run_ended");
    }

    @Test
    void tellsOfTokensAndLogins() {
        HttpCaller home = SERAI.admin();
        JsonNode minted = ADMIN.post(
                        "/api/auth/tokens", Map.of("name", "robot", "roles", List.of("viewer"), "expires_in", 60))
                .expect(201);
        String token = minted.path("id").asText();
        ADMIN.delete("/api/auth/tokens/" + token);
        assertThat(lines(ADMIN, "object=" + token))
                .extracting(line -> line.path("action").asText())
                .containsExactly("token.revoke", "token.mint");
        assertThat(line("action=token.mint&object=" + token).toString())
                .contains("viewer")
                .doesNotContain(minted.path("access_token").asText());

        SERAI.nobody().post("/api/auth/login", Map.of("username", "my-real-password!", "password", "x"));
        SERAI.nobody().post("/api/auth/login", Map.of("username", "admin", "password", "planted-wrong"));
        SERAI.nobody()
                .post("/api/auth/login", Map.of("username", "admin", "password", RunningSerai.ADMIN_PASSWORD))
                .expect(200);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(lines(home, "action=login&actor=admin"))
                    .extracting(line -> line.path("outcome").asText())
                    .contains("ok", "refused");
            assertThat(lines(home, "action=login&actor=(unknown)")).isNotEmpty();
        });
        assertThat(lines(home, "action=login&limit=1000").toString())
                .doesNotContain("my-real-password", "planted-wrong", RunningSerai.ADMIN_PASSWORD);
        assertThat(lines(ADMIN, "action=login")).isEmpty();
    }

    @Test
    void tellsWhoWasRefused() {
        for (int i = 0; i < 20; i++) {
            WORLD.as("viewer").get("/api/connectors").problem(403);
            SERAI.bearing("no.token.atall").get("/api/connectors").problem(401);
        }
        JsonNode refused = line("action=access.refused&actor=viewer-of-" + PROJECT);
        assertThat(refused.path("code").asText()).isEqualTo("role_required");
        assertThat(refused.at("/details/operation").asText()).isEqualTo("listConnectors");
        assertThat(lines(ADMIN, "action=access.refused&actor=viewer-of-" + PROJECT))
                .hasSizeLessThan(5);
        assertThat(line(SERAI.admin(), "action=access.refused&actor=nobody")
                        .path("outcome")
                        .asText())
                .isEqualTo("refused");
    }

    @Test
    void pagesNewestFirstWithinTimesAndProject() {
        WORLD.newConnector();
        WORLD.newConnector();
        JsonNode first = ADMIN.get("/api/audit?action=connector.create&limit=1").expect(200);
        JsonNode second = ADMIN.get("/api/audit?action=connector.create&limit=1&cursor="
                        + first.path("next_cursor").asText())
                .expect(200);
        assertThat(first.at("/items/0/id").asText())
                .isGreaterThan(second.at("/items/0/id").asText());
        String at = first.at("/items/0/at").asText();
        assertThat(lines(ADMIN, "action=connector.create&since=" + at)).hasSize(1);
        assertThat(lines(ADMIN, "action=connector.create&until=" + at))
                .extracting(line -> line.path("id").asText())
                .doesNotContain(first.at("/items/0/id").asText());
        assertThat(lines(SERAI.as("admin", "audit-elsewhere"), "action=connector"))
                .isEmpty();
        ADMIN.get("/api/audit?since=yesterday").problem(422);
        ADMIN.get("/api/audit?cursor=%00").problem(400);
    }

    @Test
    void nobodyChangesALine() {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            ADMIN.send(method, "/api/audit", null).problem(405);
        }
    }
}
