package dev.serai.extending;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What docs/extending.md promises, dropped into a Serai that runs, seen from outside. */
class ExtendingTest {
    private static final Duration PICKED_UP = Duration.ofSeconds(10);
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final String PROJECT = "extending";
    private static final HttpCaller ADMIN = SERAI.as("admin", PROJECT);
    /** Of Camel's route policy, which takes them away with the route. */
    private static final int METERS_OF_ONE_ROUTE = 6;

    private static Shop shop;
    private static Path kamelet;
    private static Path route;
    private static String connector;

    @BeforeAll
    static void dropTheTypeAndConfigureAConnector() throws IOException {
        shop = new Shop();
        kamelet = SERAI.folder().resolve("kamelets/my-shop.kamelet.yaml");
        route = SERAI.folder().resolve("routes/my-report.camel.yaml");
        assertThat(ADMIN.get("/api/connectors/catalog/my_shop").status()).isEqualTo(404);
        Files.writeString(kamelet, Examples.of("my-shop.kamelet.yaml"));
        await().atMost(PICKED_UP)
                .until(() -> ADMIN.get("/api/connectors/catalog/my_shop").status() == 200);
        connector = ADMIN.post(
                        "/api/connectors", Map.of("name", "My shop", "type", "shop", "config", config(Shop.TOKEN)))
                .expect(201)
                .path("id")
                .asText();
    }

    @AfterAll
    static void takeAllAway() throws IOException {
        ADMIN.delete("/api/connectors/" + connector);
        Files.deleteIfExists(route);
        Files.deleteIfExists(kamelet);
        await().atMost(PICKED_UP)
                .until(() -> ADMIN.get("/api/connectors/catalog/my_shop").status() == 404);
        shop.close();
    }

    private static Map<String, Object> config(String token) {
        return Map.of("base_url", shop.server.url(), "token", token);
    }

    @Test
    void theTypeIsInTheCatalog() {
        JsonNode type = ADMIN.get("/api/connectors/catalog/shop").expect(200);

        assertThat(type.path("type").asText()).isEqualTo("my_shop");
        assertThat(type.path("is_queryable").asBoolean()).isTrue();
        assertThat(type.path("capabilities").toString())
                .isEqualTo("[\"test\",\"models\",\"read\",\"preview\",\"query\"]");
        assertThat(type.at("/config_schema/properties/token/writeOnly").asBoolean())
                .isTrue();
    }

    @Test
    void aConfigIsValidated() {
        JsonNode validated = ADMIN.put(
                        "/api/connectors/catalog/my_shop/validate",
                        Map.of("config", Map.of("base_url", "no address", "page_size", 0, "tokn", "x")))
                .expect(200);

        assertThat(validated.path("error_count").asInt()).isEqualTo(4);
        assertThat(validated.path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/config/base_url", "/config/page_size", "/config/token", "/config/tokn");
    }

    @Test
    void aConnectorIsTested() {
        JsonNode good =
                ADMIN.post("/api/connectors/" + connector + "/test", null).expect(200);
        JsonNode bad = ADMIN.post("/api/connectors/test", Map.of("type", "my_shop", "config", config("other")))
                .expect(200);

        assertThat(good.path("ok").asBoolean()).as(good.toString()).isTrue();
        assertThat(bad.path("category").asText()).isEqualTo("authenticate");
        assertThat(bad.path("steps").findValuesAsText("name")).containsExactly("resolve", "connect", "authenticate");
    }

    @Test
    void itsModelsAreListedAndPreviewed() {
        JsonNode models = ADMIN.get("/api/connectors/" + connector + "/models").expect(200);
        String orders = "/api/connectors/" + connector + "/models/" + id(models, "orders");
        JsonNode detail = ADMIN.get(orders).expect(200);
        JsonNode preview = ADMIN.get(orders + "/preview?limit=3").expect(200);

        assertThat(models.path("items").findValuesAsText("name")).containsExactlyInAnyOrder("orders", "customers");
        assertThat(detail.path("columns").findValuesAsText("name")).containsExactly("id", "price", "paid", "note");
        assertThat(detail.path("columns").findValuesAsText("type"))
                .containsExactly("BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR");
        assertThat(preview.path("rows")).hasSize(3);
    }

    private static String id(JsonNode models, String name) {
        for (JsonNode model : models.path("items")) {
            if (model.path("name").asText().equals(name)) {
                return model.path("id").asText();
            }
        }
        throw new AssertionError(models.toString());
    }

    @Test
    void itIsQueriedInItsOwnLanguage() {
        JsonNode rows = ADMIN.post("/api/connectors/" + connector + "/query", Map.of("query", "open orders"))
                .expect(200);

        assertThat(rows.path("rows").toString()).isEqualTo("[[7,\"open\"]]");
    }

    @Test
    void itIsSyncedPageByPageAndThenQueriedWithSql() {
        ADMIN.post(
                        "/api/datasets",
                        Map.of("connector_id", connector, "model", "orders", "name", "shop_orders", "parallelism", 2))
                .expect(201);

        JsonNode run =
                ADMIN.post("/api/connectors/" + connector + "/sync", Map.of()).expect(202);
        String path = "/api/runs/" + run.path("run_id").asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !ADMIN.get(path).expect(200).path("ended_at").isNull());

        JsonNode ended = ADMIN.get(path).expect(200);
        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
        assertThat(ended.at("/datasets/0/warnings").findValuesAsText("code")).containsExactly("fewer_connections");
        assertThat(ended.at("/datasets/0/warnings/0/detail").asText()).contains("does not know how");
        JsonNode answer = ADMIN.post(
                        "/api/query",
                        Map.of("sql", "select count(*) n, max(id) last, sum(price) total from shop_orders"))
                .expect(200);
        assertThat(answer.path("rows").toString()).isEqualTo("[[250,250,31500.0]]");
    }

    @Test
    void changesLeaveNoMetersBehind() {
        for (int size = 1; size <= 5; size++) {
            ADMIN.patch("/api/connectors/" + connector, Map.of("config", Map.of("page_size", size)))
                    .expect(200);
            ADMIN.post("/api/connectors/" + connector + "/test", null).expect(200);
        }

        await().atMost(PICKED_UP)
                .untilAsserted(() -> assertThat(SERAI.bean(MeterRegistry.class).getMeters())
                        .filteredOn(meter -> meter.getId().toString().contains(connector))
                        .hasSizeLessThanOrEqualTo(METERS_OF_ONE_ROUTE));
    }

    @Test
    void aRouteOfOnesOwnCallsTheConnectorAndStartsASync() throws Exception {
        Files.writeString(
                route,
                Examples.of("my-report.camel.yaml")
                        .replace("http:chat.example.com", shop.server.url())
                        .replace(
                                "- to: direct:connector",
                                "- setHeader: {name: project, constant: " + PROJECT
                                        + "}\n        - to: direct:connector"));

        String report = shop.reports.poll(PICKED_UP.toSeconds(), TimeUnit.SECONDS);

        assertThat(report).isEqualTo("{\"id\":7,\"state\":\"open\"}\n");
        await().atMost(PICKED_UP).untilAsserted(() -> assertThat(ADMIN.get("/api/connectors/" + connector + "/runs")
                        .expect(200)
                        .path("items"))
                .isNotEmpty());
        assertThat(problems()).doesNotContain("my-report");
    }

    @Test
    void aBrokenRouteIsReportedAndLeavesWhatRan() throws Exception {
        Path own = SERAI.folder().resolve("routes/own.camel.yaml");
        String good = "- route: {id: own, from: {uri: \"direct:own\", steps: [{setBody: {constant: one}}]}}";
        Files.writeString(own, good);
        await().atMost(PICKED_UP).until(() -> own().equals("one"));

        Files.writeString(own, good.replace("setBody", "setBdy"));
        await().atMost(PICKED_UP).until(() -> problems().contains("own.camel.yaml"));
        assertThat(own()).isEqualTo("one");

        Files.writeString(own, good.replace("{setBody: {constant: one}}", "{to: \"log:x?levle=INFO\"}"));
        await().atMost(PICKED_UP).until(() -> problems().contains("levle"));
        assertThat(own()).isEqualTo("one");

        Files.writeString(own, good.replace("constant: one", "constant: two"));
        await().atMost(PICKED_UP).until(() -> own().equals("two"));
        assertThat(problems()).doesNotContain("own.camel.yaml");

        Files.delete(own);
        await().atMost(PICKED_UP).until(() -> SERAI.bean(CamelContext.class).getRoute("own") == null);
    }

    private static String own() {
        CamelContext camel = SERAI.bean(CamelContext.class);
        return camel.getRoute("own") == null
                ? ""
                : camel.createProducerTemplate().requestBody("direct:own", null, String.class);
    }

    private static String problems() {
        return ADMIN.get("/api/connectors/catalog/problems").expect(200).toString();
    }
}
