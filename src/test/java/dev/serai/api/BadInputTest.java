package dev.serai.api;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
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

    private final HttpCaller admin = RunningSerai.shared().as("admin", "bad-input");
    private JsonNode before;

    @BeforeEach
    void look() {
        before = admin.get(CONNECTORS).expect(200);
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(admin.get(CONNECTORS).expect(200)).isEqualTo(before);
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
        JsonNode problem = refused(admin.post(CONNECTORS, body), 400);
        assertThat(problem.path("code").asText()).isEqualTo("bad_json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5", "null", "true"})
    void whatIsNoObjectDoesNotFit(String body) {
        assertThat(pointers(refused(admin.post(CONNECTORS, body), 422))).containsExactly("");
    }

    @Test
    void tellsAllFaultsOfAConnectorAtOnce() {
        JsonNode problem = refused(
                admin.post(
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
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config(), "name", name)), 422)))
                .containsExactly("/name");
        assertThat(pointers(refused(
                        admin.post(
                                "/api/auth/tokens", Map.of("name", name, "roles", List.of("viewer"), "expires_in", 1)),
                        422)))
                .containsExactly("/name");
    }

    @Test
    void unknownTypesAndFieldsDoNotFit() {
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config(), "type", "postgrsql")), 422)))
                .containsExactly("/type");
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config(), "owner", "me")), 422)))
                .containsExactly("/owner");
        assertThat(pointers(refused(admin.post("/api/query", Map.of("sql", "SELECT 1", "format", "x")), 422)))
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
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config("host", host))), 422)))
                .containsExactly("/config/host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socketFactory", "autoDeserialize", "allowLoadLocalInfile", "sslfactory", "loggerFile", "url"})
    void propertiesOutsideTheAllowListDoNotFit(String property) {
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config(property, "x"))), 422)))
                .containsExactly("/config/" + property);
    }

    @Test
    void schedulesAreUnixCronInAZoneThatExists() {
        JsonNode problem = refused(
                admin.post(
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
        assertThat(pointers(refused(admin.post(CONNECTORS, connector(config("password", "********"))), 422)))
                .containsExactly("/config/password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=ten", "limit=1e2", "limit=", "enabled=maybe", "nonsense=1"})
    void queryParametersFitTheirSchemas(String query) {
        assertThat(pointers(refused(admin.get(CONNECTORS + "?" + query), 422)))
                .containsExactly("?" + query.substring(0, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1&limit=2", "search=%FF%FE", "search=%E2%82"})
    void queryStringsCanBeRead(String query) {
        refused(admin.get(CONNECTORS + "?" + query), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cursor=***", "cursor=AA", "cursor=%20"})
    void cursorsAreThoseThatAPageHasGiven(String query) {
        assertThat(refused(admin.get(CONNECTORS + "?" + query), 400)
                        .path("code")
                        .asText())
                .isEqualTo("bad_cursor");
    }

    @Test
    void mediaTypesAreThoseOfTheFile() {
        Reply form = admin.post(CONNECTORS, "name=Shop", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(refused(form, 415).path("code").asText()).isEqualTo("unsupported_media_type");
        refused(admin.post(CONNECTORS, "{}", "Content-Type", "application/json;charset=iso-8859-1"), 415);
        refused(admin.post(CONNECTORS, "{}", "Content-Type", "nonsense"), 415);
        refused(admin.post(CONNECTORS, "{}", "Content-Type", "multipart/form-data; boundary=x"), 415);
        Reply patch = admin.patch(CONNECTORS + "/x", "{}", "Content-Type", "application/json-patch+json");
        refused(patch, 415);
        assertThat(patch.header("accept-patch")).isEqualTo("application/merge-patch+json, application/json");
        Reply xml = admin.get(CONNECTORS, "Accept", "application/xml");
        assertThat(refused(xml, 406).path("code").asText()).isEqualTo("not_acceptable");
        refused(admin.get(CONNECTORS, "Accept", "application/json;q=0"), 406);
        admin.get(CONNECTORS, "Accept", "text/html, */*;q=0.1").expect(200);
    }

    @Test
    void unknownPathsAndMethodsAreTold() {
        for (String path :
                List.of("/api", "/api/", "/api/nothing", "/api/connectors/", "/nothing", "/api//connectors")) {
            Reply reply = admin.get(path);
            assertThat(reply.status()).as(path).isIn(400, 404);
            refused(reply, reply.status());
        }
        Reply reply = admin.delete(CONNECTORS);
        assertThat(refused(reply, 405).path("code").asText()).isEqualTo("method_not_allowed");
        assertThat(reply.header("allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(admin.send("TRACE", CONNECTORS, null).status()).isEqualTo(405);
        refused(admin.delete(CONNECTORS + "/catalog"), 405);
        refused(admin.send("PROPFIND", CONNECTORS, null), 405);
    }
}
