package dev.serai.api;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class HttpMannersTest {
    private static final String CATALOG = "/api/connectors/catalog";

    private final RunningSerai serai = RunningSerai.shared();
    private final HttpCaller member = serai.as("member", "manners");

    @Test
    void headIsGetWithoutItsBody() {
        Reply get = member.get(CATALOG);
        Reply head = member.send("HEAD", CATALOG, null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("etag")).isEqualTo(get.header("etag"));
        assertThat(head.header("content-length")).isEqualTo(String.valueOf(get.bytes().length));
        assertThat(member.send("HEAD", "/api/nothing", null).status()).isEqualTo(404);
    }

    @Test
    void optionsTellsWhatAPathTakes() {
        Reply options = member.send("OPTIONS", CATALOG, null);
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
        serai.nobody().send("OPTIONS", CATALOG, null).problem(401);
    }

    @Test
    void theCatalogIsSentOnceAsLongAsItStaysTheSame() {
        String etag = member.get(CATALOG).header("etag");
        for (String known : List.of(etag, "\"other\", " + etag, "W/" + etag, "*")) {
            Reply again = member.get(CATALOG, "If-None-Match", known);
            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.bytes()).isEmpty();
            assertThat(again.header("etag")).isEqualTo(etag);
        }
        member.get(CATALOG, "If-None-Match", "\"other\"").expect(200);
    }

    @Test
    void nothingOfTheRequestComesBack() {
        Reply reply = member.get(
                CATALOG,
                "X-Request-Colour",
                "blue",
                "operation",
                "read",
                "CamelHttpResponseCode",
                "418",
                "Cookie",
                "session=1");
        reply.expect(200);
        assertThat(reply.headers().map().keySet().stream().map(String::toLowerCase))
                .doesNotContain("authorization", "x-request-colour", "operation", "cookie", "set-cookie", "server")
                .noneMatch(name -> name.startsWith("camel"));
    }

    @Test
    void browsersAreToldToBeCareful() {
        Reply reply = member.get(CATALOG, "Origin", "https://evil.example");
        assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(reply.header("x-frame-options")).isEqualTo("DENY");
        assertThat(reply.header("content-security-policy")).contains("frame-ancestors 'none'");
        assertThat(reply.header("referrer-policy")).isEqualTo("no-referrer");
        assertThat(reply.header("access-control-allow-origin")).isEmpty();
        assertThat(reply.header("set-cookie")).isEmpty();
        Reply preflight = serai.nobody()
                .send(
                        "OPTIONS",
                        CATALOG,
                        null,
                        "Origin",
                        "https://evil.example",
                        "Access-Control-Request-Method",
                        "GET");
        assertThat(preflight.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void theActuatorShowsHealthToAllAndTheRestToMembers() {
        for (String probe : List.of("liveness", "readiness")) {
            assertThat(serai.nobody()
                            .get("/actuator/health/" + probe)
                            .expect(200)
                            .path("status")
                            .asText())
                    .isEqualTo("UP");
        }
        serai.nobody().get("/actuator/prometheus").problem(401);
        serai.as("viewer", "manners").get("/actuator/prometheus").problem(403);
        assertThat(member.get("/actuator/prometheus").text()).contains("jvm_memory_used_bytes");
        member.get("/actuator/env").problem(404);
    }

    /** Spring and the container have their own words for these, some without a body and one with a 5xx. */
    @ParameterizedTest
    @CsvSource({
        "TRACE /api/connectors, ''",
        "TRACE /api/%2e%2e/connectors, ''",
        "CONNECT /api/connectors, ''",
        "GET /api/connectors, 'Expect: 200-ok'",
    })
    void whatHttpHasAndSeraiHasNotIsABadRequestLikeOthers(String line, String header) throws IOException {
        try (Socket socket = new Socket("localhost", serai.address().getPort())) {
            String request = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Secret: sesame\r\n"
                    + (header.isEmpty() ? "" : header + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .contains("\"code\":\"bad_request\"")
                    .doesNotContain("sesame");
        }
    }

    @Test
    void theContractIsThereForEverybody() {
        Reply reply = serai.nobody().get("/api/openapi.yaml");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).startsWith("application/yaml");
        assertThat(reply.text()).startsWith("openapi: 3.0");
    }

    @Test
    void aLoginsTokenSaysHowLongItLasts() {
        JsonNode token = serai.nobody()
                .post("/api/auth/login", Map.of("username", "admin", "password", RunningSerai.ADMIN_PASSWORD))
                .expect(200);
        assertThat(token.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(token.path("expires_in").asLong()).isPositive();
    }
}
