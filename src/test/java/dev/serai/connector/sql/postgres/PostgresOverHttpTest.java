package dev.serai.connector.sql.postgres;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** A PostgreSQL connector as its users see it. */
class PostgresOverHttpTest {
    private final HttpCaller admin = RunningSerai.shared().as("admin", "postgres-over-http");
    private final Postgres.Database database = Postgres.database();

    @Test
    void isConfiguredTestedLookedThroughAndAsked() {
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, price numeric(10,2), at timestamptz)",
                "INSERT INTO orders VALUES (1, 129.90, '2026-01-02 03:04:05Z'), (2, NULL, NULL)");

        JsonNode made = admin.post("/api/connectors", Map.of("name", "Shop", "type", "postgres", "config", config()))
                .expect(201);
        String path = "/api/connectors/" + made.path("id").asText();
        assertThat(made.path("type").asText()).isEqualTo("postgresql");
        assertThat(made.at("/config/password").asText()).isEqualTo("********");

        assertThat(admin.post(path + "/test", null).expect(200).path("ok").asBoolean())
                .isTrue();

        JsonNode model = admin.get(path + "/models").expect(200).at("/items/0");
        assertThat(model.path("name").asText()).isEqualTo("orders");
        JsonNode detail =
                admin.get(path + "/models/" + model.path("id").asText()).expect(200);
        assertThat(detail.findValuesAsText("native_type"))
                .containsExactly("integer", "numeric(10,2)", "timestamp with time zone");
        assertThat(admin.get(path + "/models/public.orders/preview").expect(200).path("rows"))
                .hasSize(2);

        JsonNode answer = admin.post(
                        path + "/query",
                        Map.of("sql", "SELECT id, price, price FROM orders WHERE id = $1", "params", List.of(1)))
                .expect(200);
        assertThat(answer.path("columns").findValuesAsText("type"))
                .containsExactly("INTEGER", "DECIMAL(10,2)", "DECIMAL(10,2)");
        assertThat(answer.path("rows").toString()).isEqualTo("[[1,\"129.90\",\"129.90\"]]");

        JsonNode wrong = admin.post(path + "/query", Map.of("sql", "SELECT nope FROM orders"))
                .problem(400);
        assertThat(wrong.path("position").asInt()).isEqualTo(8);
        admin.post(path + "/query", Map.of("sql", "DELETE FROM orders")).problem(422);
    }

    @Test
    void aWrongPasswordIsToldByTheTestAndByTheModels() {
        Map<String, Object> config = Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", "wr0ng-secret");
        JsonNode test = admin.post("/api/connectors/test", Map.of("type", "postgresql", "config", config))
                .expect(200);
        assertThat(test.path("category").asText()).isEqualTo("authenticate");

        String id = admin.post("/api/connectors", Map.of("name", "Wrong", "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        JsonNode problem = admin.get("/api/connectors/" + id + "/models").problem(502);
        assertThat(problem.path("code").asText()).isEqualTo("authentication_failed");
        assertThat(problem.toString() + test).doesNotContain("wr0ng-secret");
    }

    private Map<String, Object> config() {
        return Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", database.password());
    }
}
