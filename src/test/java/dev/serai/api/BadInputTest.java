package dev.serai.api;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Bad input is told all its faults at once, changes nothing and learns nothing about what is inside. */
class BadInputTest {
    private static final String CONNECTORS = "/api/connectors";
    private static final String SECRET = "hunter2-and-more";

    private static final HttpCaller ADMIN = RunningSerai.shared().as("admin", "bad-input");
    private static String connectorPath;
    private static String datasetPath;
    private List<JsonNode> before;

    /** Neither needs its source. */
    @BeforeAll
    static void make() {
        JsonNode made =
                ADMIN.post(CONNECTORS, connector(config(), "name", "Kept")).expect(201);
        connectorPath = CONNECTORS + "/" + made.path("id").asText();
        ADMIN.post(CONNECTORS, connector(config(), "name", "Other")).expect(201);
        datasetPath = "/api/datasets/" + dataset(made, "kept");
        dataset(made, "other");
    }

    private static String dataset(JsonNode connector, String name) {
        Map<String, Object> body =
                Map.of("connector_id", connector.path("id").asText(), "model", "public.orders", "name", name);
        return ADMIN.post("/api/datasets", body).expect(201).path("id").asText();
    }

    private static List<JsonNode> everything() {
        return Stream.of(CONNECTORS, "/api/datasets", "/api/auth/tokens", "/api/runs", connectorPath, datasetPath)
                .map(path -> ADMIN.get(path).expect(200))
                .toList();
    }

    @BeforeEach
    void look() {
        before = everything();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(everything()).isEqualTo(before);
    }

    private static Map<String, Object> config(Object... changes) {
        Map<String, Object> config = new HashMap<>(
                Map.of("host", "db.example", "database", "shop", "username", "reader", "password", SECRET));
        for (int i = 0; i < changes.length; i += 2) {
            config.put((String) changes[i], changes[i + 1]);
        }
        return config;
    }

    private static Map<String, Object> connector(Map<String, Object> config, Object... changes) {
        Map<String, Object> body = new HashMap<>(Map.of("name", "Shop", "type", "postgresql", "config", config));
        for (int i = 0; i < changes.length; i += 2) {
            body.put((String) changes[i], changes[i + 1]);
        }
        return body;
    }

    private static List<String> pointers(JsonNode problem) {
        return StreamSupport.stream(problem.path("errors").spliterator(), false)
                .map(error -> error.path("pointer").asText())
                .toList();
    }

    private JsonNode refused(Reply reply, int status) {
        assertThat(reply.text())
                .doesNotContain(SECRET)
                .doesNotContain("Exception")
                .doesNotContain("dev.serai")
                .doesNotContain("java.")
                .doesNotContain("org.")
                .doesNotContain("com.");
        return reply.problem(status);
    }

    static Stream<Arguments> unreadableBodies() {
        return Stream.of(
                Arguments.of("cut off", "{\"name\": \"Shop\"".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("empty", new byte[0]),
                Arguments.of("blank", "  \n".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("single quotes", "{'name': 'Shop'}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("two values", "{} {}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("a key twice", "{\"name\":\"a\",\"name\":\"b\"}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "an inner key twice",
                        "{\"config\":{\"password\":\"a\",\"password\":\"b\"}}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("not a number", "{\"x\": NaN}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("ISO 8859-1", "{\"name\":\"Größe\"}".getBytes(StandardCharsets.ISO_8859_1)),
                Arguments.of("UTF-16", "{\"name\":\"Shop\"}".getBytes(StandardCharsets.UTF_16)),
                Arguments.of("a control character", "{\"name\":\"a\u0001\"}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("too deep", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a number too long", ("{\"x\":" + "9".repeat(100_000) + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadableBodies")
    void whatCannotBeParsedIsABadRequest(String what, byte[] body) {
        JsonNode problem = refused(ADMIN.post(CONNECTORS, body), 400);
        assertThat(problem.path("code").asText()).isEqualTo("bad_json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5", "null", "true"})
    void whatIsNoObjectDoesNotFit(String body) {
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, body), 422))).containsExactly("");
    }

    @Test
    void tellsAllFaultsOfAConnectorAtOnce() {
        JsonNode problem = refused(
                ADMIN.post(
                        CONNECTORS,
                        connector(
                                config("port", "five", "host", "a/b", "sslmode", "maybe", "socketFactory", "Evil"),
                                "name",
                                5,
                                "enabled",
                                "yes",
                                "surprise",
                                1)),
                422);
        assertThat(pointers(problem))
                .containsExactlyInAnyOrder(
                        "/name",
                        "/enabled",
                        "/surprise",
                        "/config/port",
                        "/config/host",
                        "/config/sslmode",
                        "/config/socketFactory");
        assertThat(problem.path("errors").findValuesAsText("message")).doesNotContain("");
    }

    @Test
    void namesMustNotBeEndless() {
        String name = "n".repeat(10_000);
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config(), "name", name)), 422)))
                .containsExactly("/name");
        assertThat(pointers(refused(
                        ADMIN.post(
                                "/api/auth/tokens", Map.of("name", name, "roles", List.of("viewer"), "expires_in", 1)),
                        422)))
                .containsExactly("/name");
    }

    @Test
    void unknownTypesAndFieldsDoNotFit() {
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config(), "type", "postgrsql")), 422)))
                .containsExactly("/type");
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config(), "owner", "me")), 422)))
                .containsExactly("/owner");
        assertThat(pointers(refused(ADMIN.post("/api/query", Map.of("sql", "SELECT 1", "format", "x")), 422)))
                .containsExactly("/format");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example/x",
                "db.example?ssl=false",
                "user@db.example",
                "user:pw@db.example",
                "db.example#x",
                "db example",
                "jdbc:postgresql://db.example",
                "db.example:5432",
                "db.example,other.example",
                "\\\\db",
                "",
                "db\nexample"
            })
    void hostsAreNothingButHosts(String host) {
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config("host", host))), 422)))
                .containsExactly("/config/host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socketFactory", "autoDeserialize", "allowLoadLocalInfile", "sslfactory", "loggerFile", "url"})
    void propertiesOutsideTheAllowListDoNotFit(String property) {
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config(property, "x"))), 422)))
                .containsExactly("/config/" + property);
    }

    @Test
    void schedulesAreUnixCronInAZoneThatExists() {
        JsonNode problem = refused(
                ADMIN.post(
                        CONNECTORS + "/bootstrap",
                        connector(
                                config(),
                                "schedule_cron",
                                "0 0 3 * * *",
                                "schedule_timezone",
                                "Mars/Olympus",
                                "schedule_mode",
                                "sometimes")),
                422);
        assertThat(pointers(problem))
                .containsExactlyInAnyOrder("/schedule_cron", "/schedule_timezone", "/schedule_mode");
    }

    @Test
    void aMaskIsNoSecret() {
        assertThat(pointers(refused(ADMIN.post(CONNECTORS, connector(config("password", "********"))), 422)))
                .containsExactly("/config/password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=ten", "limit=1e2", "limit=", "enabled=maybe", "nonsense=1"})
    void queryParametersFitTheirSchemas(String query) {
        assertThat(pointers(refused(ADMIN.get(CONNECTORS + "?" + query), 422)))
                .containsExactly("?" + query.substring(0, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1&limit=2", "search=%FF%FE", "search=%E2%82"})
    void queryStringsCanBeRead(String query) {
        refused(ADMIN.get(CONNECTORS + "?" + query), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cursor=***", "cursor=AA", "cursor=%20"})
    void cursorsAreThoseThatAPageHasGiven(String query) {
        assertThat(refused(ADMIN.get(CONNECTORS + "?" + query), 400)
                        .path("code")
                        .asText())
                .isEqualTo("bad_cursor");
    }

    @Test
    void mediaTypesAreThoseOfTheFile() {
        Reply form = ADMIN.post(CONNECTORS, "name=Shop", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(refused(form, 415).path("code").asText()).isEqualTo("unsupported_media_type");
        refused(ADMIN.post(CONNECTORS, "{}", "Content-Type", "application/json;charset=iso-8859-1"), 415);
        refused(ADMIN.post(CONNECTORS, "{}", "Content-Type", "nonsense"), 415);
        refused(ADMIN.post(CONNECTORS, "{}", "Content-Type", "multipart/form-data; boundary=x"), 415);
        Reply patch = ADMIN.patch(CONNECTORS + "/x", "{}", "Content-Type", "application/json-patch+json");
        refused(patch, 415);
        assertThat(patch.header("accept-patch")).isEqualTo("application/merge-patch+json, application/json");
        Reply xml = ADMIN.get(CONNECTORS, "Accept", "application/xml");
        assertThat(refused(xml, 406).path("code").asText()).isEqualTo("not_acceptable");
        refused(ADMIN.get(CONNECTORS, "Accept", "application/json;q=0"), 406);
        ADMIN.get(CONNECTORS, "Accept", "text/html, */*;q=0.1").expect(200);
    }

    @Test
    void unknownPathsAndMethodsAreTold() {
        for (String path :
                List.of("/api", "/api/", "/api/nothing", "/api/connectors/", "/nothing", "/api//connectors")) {
            Reply reply = ADMIN.get(path);
            assertThat(reply.status()).as(path).isIn(400, 404);
            refused(reply, reply.status());
        }
        Reply reply = ADMIN.delete(CONNECTORS);
        assertThat(refused(reply, 405).path("code").asText()).isEqualTo("method_not_allowed");
        assertThat(reply.header("allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(ADMIN.send("TRACE", CONNECTORS, null).status()).isEqualTo(400);
        refused(ADMIN.delete(CONNECTORS + "/catalog"), 405);
        refused(ADMIN.send("PROPFIND", CONNECTORS, null), 405);
    }

    @Test
    void aPatchWithOneFaultChangesNothingAndTellsTheOthers() {
        Map<String, Object> patch = new HashMap<>(Map.of(
                "description", "Fine by itself",
                "enabled", "no",
                "config", Map.of("port", "five", "schema", 1),
                "schedule_cron", "0 0 3 * * *",
                "surprise", 1));
        patch.put("name", null);
        assertThat(pointers(refused(ADMIN.patch(connectorPath, patch), 422)))
                .contains("/name", "/enabled", "/config/port", "/schedule_cron", "/surprise")
                .doesNotContain("/description");
        Map<String, Object> fixed = Map.of(
                "lookback", "P1D",
                "name", "not a name",
                "mode", "sometimes",
                "schema_policy", "whatever",
                "readers", "everybody",
                "model", "public.others",
                "surprise", 1);
        assertThat(pointers(refused(ADMIN.patch(datasetPath, fixed), 422)))
                .contains("/name", "/mode", "/schema_policy", "/readers", "/model", "/surprise")
                .doesNotContain("/lookback");
    }

    @Test
    void aPatchCannotTakeAnothersName() {
        Map<String, Object> patch = Map.of("name", "Other", "description", "Fine by itself");
        assertThat(refused(ADMIN.patch(connectorPath, patch), 409).path("code").asText())
                .isEqualTo("name_taken");
        Map<String, Object> renamed = Map.of("name", "OTHER", "readers", List.of("finance"));
        assertThat(refused(ADMIN.patch(datasetPath, renamed), 409).path("code").asText())
                .isEqualTo("name_taken");
    }

    @Test
    void aPatchCannotSendStoredSecretsElsewhere() {
        JsonNode problem =
                refused(ADMIN.patch(connectorPath, Map.of("config", Map.of("host", "elsewhere.example"))), 422);
        assertThat(problem.path("code").asText()).isEqualTo("secret_required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5", "null"})
    void aPatchIsAnObject(String body) {
        assertThat(pointers(refused(ADMIN.patch(connectorPath, body), 422))).containsExactly("");
        assertThat(pointers(refused(ADMIN.patch(datasetPath, body), 422))).containsExactly("");
    }
}
