package dev.serai.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** References as a user meets them, with a PostgreSQL that checks passwords and Camel's own client of a vault. */
class ReferencesOverHttpTest {
    @TempDir
    static Path secrets;

    private static final Map<String, Object> VARIABLES = new HashMap<>();
    private static final Postgres.Database DATABASE = Postgres.database();
    private static VaultDouble vault;
    private static RunningSerai serai;
    private static HttpCaller admin;

    @BeforeAll
    static void start() throws IOException {
        vault = new VaultDouble();
        serai = RunningSerai.start(Map.of(
                "serai.references",
                "env:PG_*,file:" + secrets + "/*,hashicorp:secret:**",
                "camel.vault.hashicorp.token",
                VaultDouble.TOKEN,
                "camel.vault.hashicorp.host",
                "localhost",
                "camel.vault.hashicorp.port",
                String.valueOf(vault.port()),
                "camel.vault.hashicorp.scheme",
                "http"));
        serai.bean(ConfigurableEnvironment.class)
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource("systemEnvironment", VARIABLES));
        admin = serai.admin();
        DATABASE.execute("CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1), (2), (3)");
    }

    @AfterAll
    static void stop() {
        serai.close();
        vault.close();
    }

    private static Map<String, Object> config(String reference) {
        return Map.of(
                "host", DATABASE.host(),
                "port", DATABASE.port(),
                "database", DATABASE.name(),
                "username", DATABASE.username(),
                "password", Map.of("$ref", reference));
    }

    private static String connector(String name, String reference) {
        JsonNode made = admin.post(
                        "/api/connectors", Map.of("name", name, "type", "postgresql", "config", config(reference)))
                .expect(201);
        assertThat(made.at("/config/password").toString()).isEqualTo("{\"$ref\":\"" + reference + "\"}");
        return made.path("id").asText();
    }

    private static JsonNode test(String connector) {
        return admin.post("/api/connectors/" + connector + "/test", null).expect(200);
    }

    private static HttpCaller.Reply query(String connector) {
        return admin.post("/api/connectors/" + connector + "/query", Map.of("sql", "SELECT count(*) FROM items"));
    }

    private static JsonNode synced(String connector) {
        String run = admin.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.get("/api/runs/" + run).expect(200), now -> !now.path("ended_at")
                        .isNull());
    }

    private static void dataset(String connector, String name) {
        admin.post("/api/datasets", Map.of("connector_id", connector, "model", "public.items", "name", name))
                .expect(201);
    }

    @Test
    void aSecretMayLieInAVariableAFileOrAVault() throws IOException {
        VARIABLES.put("PG_RIGHT", DATABASE.password());
        Files.writeString(secrets.resolve("right"), DATABASE.password() + "\n");
        vault.secrets.put("app", Map.of("pg", DATABASE.password()));
        int number = 0;
        for (String reference : List.of("env:PG_RIGHT", "file:" + secrets + "/right", "hashicorp:secret:app#pg")) {
            String id = connector("Right " + ++number, reference);
            assertThat(test(id).path("ok").asBoolean())
                    .as("%s: %s", reference, test(id))
                    .isTrue();
            assertThat(query(id).expect(200).at("/rows/0/0").asInt()).isEqualTo(3);
            dataset(id, "right_" + number);
            assertThat(serai.bean(JdbcClient.class)
                            .sql("select count(*) from connector_secrets where connector_id = ?")
                            .param(id)
                            .query(Long.class)
                            .single())
                    .isZero();
            assertThat(synced(id).path("status").asText()).isEqualTo("succeeded");
            assertThat(admin.post("/api/connectors/test", Map.of("type", "postgresql", "config", config(reference)))
                            .expect(200)
                            .path("ok")
                            .asBoolean())
                    .isTrue();
            assertThat(admin.get("/api/connectors/" + id)
                            .expect(200)
                            .at("/config/password/$ref")
                            .asText())
                    .isEqualTo(reference);
        }
        List<String> stored = serai.bean(JdbcClient.class)
                .sql("select config from data_connectors")
                .query(String.class)
                .list();
        assertThat(stored).isNotEmpty().noneMatch(text -> text.contains(DATABASE.password()));
    }

    @Test
    void aChangedSecretIsPickedUpByTheCallThatIsRefused() throws IOException {
        Path file = Files.writeString(secrets.resolve("rotating"), "first");
        DATABASE.executeAsSuperuser("CREATE ROLE rotating LOGIN PASSWORD 'first'", "GRANT SELECT ON items TO rotating");
        Map<String, Object> config = new HashMap<>(config("file:" + file));
        config.put("username", "rotating");
        String id = admin.post("/api/connectors", Map.of("name", "Rotating", "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        query(id).expect(200);

        rotate("second", null);
        assertThat(query(id).problem(502).path("code").asText()).isEqualTo("authentication_failed");
        assertThat(test(id).path("category").asText()).isEqualTo("authenticate");

        rotate("second", file);
        query(id).expect(200);
        rotate("third", file);
        assertThat(test(id).path("ok").asBoolean()).isTrue();
        dataset(id, "rotating");
        rotate("fourth", file);
        assertThat(synced(id).path("status").asText()).isEqualTo("succeeded");
    }

    /** Ends what is connected, as a server does that restarts. */
    private static void rotate(String password, Path file) throws IOException {
        DATABASE.executeAsSuperuser(
                "ALTER ROLE rotating PASSWORD '" + password + "'",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotating'");
        if (file != null) {
            Files.writeString(file, password);
        }
    }

    @Test
    void aReferenceThatLeadsNowhereFailsBeforeAnybodyIsCalled() {
        for (String reference :
                List.of("env:PG_NOWHERE", "file:" + secrets + "/nowhere", "hashicorp:secret:nowhere#x")) {
            String id = connector("Nowhere " + reference, reference);
            JsonNode test = test(id);
            assertThat(test.path("ok").asBoolean()).isFalse();
            assertThat(test.path("category").asText()).as(test.toString()).isEqualTo("config");
            assertThat(test.path("steps").findValuesAsText("name")).containsExactly("config");
            assertThat(test.path("error").asText()).contains(reference);
            assertThat(query(id).problem(502).path("code").asText()).isEqualTo("reference_unresolved");

            dataset(id, "nowhere_" + id);
            JsonNode run = synced(id);
            assertThat(run.path("status").asText()).isEqualTo("failed");
            JsonNode error = run.at("/datasets/0/error");
            assertThat(error.path("code").asText()).as(run.toString()).isEqualTo("reference_unresolved");
            assertThat(error.path("layer").asText()).isEqualTo("config");
            assertThat(error.path("retryable").asBoolean()).isEqualTo(reference.startsWith("hashicorp:"));
        }
    }

    @Test
    void whatIsNotAllowedIsToldBeforeItIsStored() {
        for (String reference :
                List.of("env:HOME", "env:SERAI_SIGN_KEY", "file:/etc/passwd", "sys:user.dir", "aws:x")) {
            JsonNode problem = admin.post(
                            "/api/connectors",
                            Map.of("name", "Not allowed", "type", "postgresql", "config", config(reference)))
                    .problem(422);
            assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/config/password/$ref");
            JsonNode validated = admin.put(
                            "/api/connectors/catalog/postgresql/validate", Map.of("config", config(reference)))
                    .expect(200);
            assertThat(validated.at("/errors/0/pointer").asText()).isEqualTo("/config/password/$ref");
            assertThat(validated.at("/config/password/$ref").asText()).isEqualTo(reference);
        }
        assertThat(admin.post(
                                "/api/connectors",
                                Map.of("name", "Not allowed", "type", "postgresql", "config", config("env:HOME")))
                        .problem(422)
                        .at("/errors/0/message")
                        .asText())
                .contains("SERAI_REFERENCES");
    }

    @Test
    void aReferenceIsNoWayToSendASecretElsewhere() {
        VARIABLES.put("PG_SENT", DATABASE.password());
        String id = connector("Sent", "env:PG_SENT");
        for (Object password : new Object[] {null, "********"}) {
            Map<String, Object> change = new HashMap<>(Map.of("host", "evil.example.com"));
            if (password != null) {
                change.put("password", password);
            }
            assertThat(admin.patch("/api/connectors/" + id, Map.of("config", change))
                            .problem(422)
                            .path("code")
                            .asText())
                    .isEqualTo("secret_required");
            assertThat(admin.post("/api/connectors/" + id + "/test", Map.of("config", change))
                            .problem(422)
                            .path("code")
                            .asText())
                    .isEqualTo("secret_required");
        }
    }

    @Test
    void formsLearnThatASecretIsTextOrAReference() {
        JsonNode password =
                admin.get("/api/connectors/catalog/postgresql").expect(200).at("/config_schema/properties/password");

        assertThat(password.path("type").toString()).isEqualTo("[\"string\",\"object\"]");
        assertThat(password.path("writeOnly").asBoolean()).isTrue();
        assertThat(password.at("/properties/$ref/type").asText()).isEqualTo("string");
        assertThat(password.path("required").toString()).isEqualTo("[\"$ref\"]");
    }
}
