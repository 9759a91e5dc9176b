package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.serai.testing.CutServer;
import dev.serai.testing.CuttingProxy;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SshGate;
import dev.serai.testing.SyncOverHttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TunnelOverHttpTest {
    private final Postgres.Database database = Postgres.database();
    private final HttpCaller admin = RunningSerai.shared().admin();
    private final SshGate gate = new SshGate();

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>(Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", database.password()));
        config.putAll(gate.config());
        return config;
    }

    private static String made(HttpCaller api, String name, Map<String, Object> config) {
        JsonNode made = api.post("/api/connectors", Map.of("name", name, "type", "postgresql", "config", config))
                .expect(201);
        assertThat(made.at("/config/ssh_private_key").asText()).isEqualTo("********");
        return made.path("id").asText();
    }

    @Test
    void isTestedAskedAndSyncedThroughTheSshServerAndAChangeLeadsToAnother() throws IOException {
        database.execute("CREATE TABLE parcels AS SELECT n AS id FROM generate_series(1, 50000) AS n");
        String id = made(admin, "Behind the gate", config());
        String path = "/api/connectors/" + id;

        JsonNode test = admin.post(path + "/test", null).expect(200);
        assertThat(test.path("ok").asBoolean()).as(test.toString()).isTrue();
        assertThat(test.path("steps").findValuesAsText("name")).contains("tunnel");
        assertThat(admin.post(path + "/query", Map.of("sql", "SELECT count(*) FROM parcels"))
                        .expect(200)
                        .path("rows")
                        .toString())
                .contains("50000");
        JsonNode run = SyncOverHttp.from(id, admin).table("parcels").run();
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("succeeded");
        assertThat(run.at("/datasets/0/rows_read").asInt()).isEqualTo(50_000);
        assertThat(gate.sessions()).isEqualTo(1);

        try (SshGate other = new SshGate()) {
            Map<String, Object> change = new HashMap<>(other.config());
            change.put("password", database.password());
            admin.patch(path, Map.of("config", Map.of("ssh_port", other.port())))
                    .problem(422);
            admin.patch(path, Map.of("config", change)).expect(200);
            admin.post(path + "/query", Map.of("sql", "SELECT 1")).expect(200);
            assertThat(other.logins()).isEqualTo(1);
            await().until(() -> gate.sessions() == 0);
        }
        admin.delete(path).expect(204);
    }

    @Test
    void aSyncWhoseTunnelIsCutMidwayTriesAgainByItselfAndHasEveryRowOnce() throws IOException {
        int rows = 400_000;
        database.execute("CREATE TABLE parcels AS SELECT n AS id, repeat('x', 30) AS label"
                + " FROM generate_series(1, " + rows + ") AS n");
        try (RunningSerai patient = RunningSerai.start(Map.of("serai.sync.retry", "20s"));
                CuttingProxy way = new CuttingProxy(gate.port())) {
            HttpCaller api = patient.admin();
            Map<String, Object> config = config();
            config.put("ssh_port", way.port());
            SyncOverHttp sync = SyncOverHttp.from(made(api, "Cut", config), api).table("parcels");
            // As the server dies in the midst of the rows, and is there again when it is asked the next time.
            way.cut(3_000_000, CutServer.End.RESET);
            String id = sync.start();
            await().until(() -> gate.logins() == 1);
            way.mend();

            JsonNode run = sync.ended(id);

            assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("succeeded");
            assertThat(run.at("/datasets/0/warnings").toString())
                    .contains("retried", "The SSH server ended the connection");
            assertThat(run.at("/datasets/0/rows_read").asInt()).isEqualTo(rows);
            assertThat(gate.logins()).isEqualTo(2);
            assertThat(api.post(
                                    "/api/query",
                                    Map.of("sql", "SELECT count(*), count(DISTINCT id), max(id) FROM parcels"))
                            .expect(200)
                            .path("rows")
                            .toString())
                    .isEqualTo("[[%1$d,%1$d,%1$d]]".formatted(rows));
        }
    }

    @Test
    void tellsAllThatIsWrongWithTheWayAtOnce() {
        Map<String, Object> config = config();
        config.remove("ssh_username");
        config.put("ssh_host", "169.254.169.254");
        config.put("ssh_host_key", "SHA1:nope");
        config.put("ssh_private_key", "-----BEGIN PRIVATE KEY-----\nczNjcmV0\n-----END PRIVATE KEY-----");
        JsonNode problem = admin.post(
                        "/api/connectors", Map.of("name", "Wrong way", "type", "postgresql", "config", config))
                .problem(422);
        assertThat(problem.path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/config/ssh_username", "/config/ssh_host", "/config/ssh_host_key", "/config/ssh_private_key");
        assertThat(problem.toString()).doesNotContain("czNjcmV0").doesNotContain("s3cret");
    }

    @Test
    void refusesTheNameOfAMetadataServiceThatTheSshServerWouldLookUp() {
        Map<String, Object> config = config();
        config.put("host", "Metadata.");
        JsonNode problem = admin.post(
                        "/api/connectors", Map.of("name", "Metadata", "type", "postgresql", "config", config))
                .problem(422);
        assertThat(problem.path("errors").findValuesAsText("pointer")).containsExactly("/config/host");
        assertThat(problem.path("code").asText()).isEqualTo("egress_denied");
        assertThat(faults(config)).containsExactly("/config/host");
        config.put("host", database.host());
        config.put("ssh_private_key", "********");
        assertThat(faults(config)).isEmpty();
    }

    @Test
    void asksForWhatBelongsToAnSshServerOnlyTogetherWithOne() {
        Map<String, Object> config = config();
        config.remove("ssh_host");
        assertThat(faults(config)).containsExactly("/config/ssh_host");
        config.keySet().removeIf(name -> name.startsWith("ssh_"));
        assertThat(faults(config)).isEmpty();
        config.put("ssh_host", "gate.example.com");
        assertThat(faults(config)).containsExactly("/config/ssh_private_key", "/config/ssh_username");
    }

    private List<String> faults(Map<String, Object> config) {
        return admin.put("/api/connectors/catalog/postgresql/validate", Map.of("config", config))
                .expect(200)
                .path("errors")
                .findValuesAsText("pointer");
    }
}
