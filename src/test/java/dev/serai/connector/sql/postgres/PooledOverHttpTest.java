package dev.serai.connector.sql.postgres;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

import dev.serai.connector.ConnectorCalls;
import dev.serai.connector.Connectors;
import dev.serai.metadata.Json;
import dev.serai.rows.RowSource;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What users and the server see of a connector's connections while it is changed, busy, disabled and deleted. */
class PooledOverHttpTest {
    private static final String PROJECT = "pooled-over-http";

    private final RunningSerai serai = RunningSerai.shared();
    private final HttpCaller admin = serai.as("admin", PROJECT);
    private final Postgres.Database database = Postgres.database();

    private String made(String name, ObjectNode config) {
        return admin.post("/api/connectors", Map.of("name", name, "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    private HttpCaller.Reply ask(String id) {
        return admin.post("/api/connectors/" + id + "/query", Map.of("sql", "SELECT 1 AS one"));
    }

    /** Rows that never end, so that they keep a connection. */
    private RowSource reading(String id) {
        return serai.bean(ConnectorCalls.class)
                .rows(
                        serai.bean(Connectors.class).get(PROJECT, id),
                        "read",
                        Json.newObject().put("query", "SELECT i FROM generate_series(1, 100000000) i"));
    }

    private void awaitSessions(int expected) {
        await().untilAsserted(() -> assertThat(sessions()).isEqualTo(expected));
    }

    private int sessions() {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + database.username() + "'")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoGetsNoConnectionInTimeIsToldToComeAgain() {
        String id = made(
                "Narrow",
                database.config().put("pool_size", 1).put("max_overflow", 0).put("connect_timeout", 1));
        try (RowSource rows = reading(id)) {
            assertThat(rows).isNotNull();
            HttpCaller.Reply reply = ask(id);

            JsonNode problem = reply.problem(503);
            assertThat(problem.path("code").asText()).isEqualTo("connections_exhausted");
            assertThat(problem.path("retryable").asBoolean()).isTrue();
            assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
            assertThat(sessions()).isEqualTo(1);
        }
        ask(id).expect(200);
    }

    @Test
    void aChangeLetsWhatIsReadGoOnAndLeavesNoSessionOfTheOldConfig() {
        String id = made("Changing", database.config());
        try (RowSource rows = reading(id)) {
            assertThat(rows).isNotNull();
            admin.patch("/api/connectors/" + id, Map.of("config", Map.of("pool_size", 2)))
                    .expect(200);
            ask(id).expect(200);
            assertThat(sessions()).isEqualTo(2);
        }
        awaitSessions(1);
    }

    @Test
    void disablingAndDeletingEndAllSessions() {
        String id = made("Leaving", database.config());
        String path = "/api/connectors/" + id;
        ask(id).expect(200);
        admin.patch(path, Map.of("enabled", false)).expect(200);
        awaitSessions(0);

        admin.patch(path, Map.of("enabled", true)).expect(200);
        ask(id).expect(200);
        assertThat(sessions()).isEqualTo(1);
        assertThat(admin.delete(path).status()).isEqualTo(204);
        awaitSessions(0);
    }

    @Test
    void aThousandConnectorsHaveNoRouteNoThreadAndNoSession() {
        CamelContext camel = serai.bean(CamelContext.class);
        String first = made("Number 0", database.config());
        admin.get("/api/connectors").expect(200);
        int routes = camel.getRoutes().size();
        int endpoints = camel.getEndpoints().size();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();

        for (int i = 1; i < 1000; i++) {
            made("Number " + i, database.config());
        }

        assertThat(camel.getRoutes()).hasSize(routes);
        assertThat(camel.getEndpoints()).hasSize(endpoints);
        // A few may come and go with the calls themselves.
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 50);
        assertThat(sessions()).isZero();
        ask(first).expect(200);
        assertThat(sessions()).isEqualTo(1);
    }
}
