package dev.serai.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.rows.TextSource.Format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ConnectorCallsTest {
    /** Calls the path that the operation has in the config; asks for pages; sends the token. */
    private static final String OVER_HTTP =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: over-http
              annotations:
                serai.dev/actions: '[{"name":"fire","title":"Fire","description":"Fires"}]'
            spec:
              definition:
                title: Over HTTP
                required: [base_url]
                properties:
                  base_url: {title: URL, type: string, format: uri, x-destination: true}
                  token: {title: Token, type: string, format: password}
                  connect_timeout: {title: Connect, type: number}
                  read_timeout: {title: Read, type: number}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setHeader: {name: CamelHttpMethod, constant: GET}
                    - setHeader: {name: Authorization, simple: "Bearer ${variable.config[token]}"}
                    - choice:
                        when:
                          - simple: "${header.operation} == 'test'"
                            steps:
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/ping"}
                              - to: {uri: "http:source"}
                          - simple: "${header.operation} in 'models,read,query'"
                            steps:
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/${header.operation}"}
                              - setHeader: {name: CamelHttpQuery, simple: "page=${header.page}&limit=${variable.request[limit]}"}
                              - to: {uri: "http:source"}
                              - setHeader: {name: next, simple: "${header.X-Next}"}
                          - simple: "${header.operation} == 'fire'"
                            steps:
                              - setBody: {simple: "{\\"fired\\":\\"${body[event]}\\"}"}
            """;

    private final ItemsServer server = new ItemsServer();
    private final RouteWorld world = new RouteWorld(Map.of("over-http", OVER_HTTP));
    private final Connector connector = world.save(
            "con_http", "over_http", "{\"base_url\":\"" + server.url() + "\",\"token\":\"S3CRET\",\"read_timeout\":5}");

    @AfterEach
    void close() {
        world.close();
        server.close();
    }

    private TextSource read(String request) {
        return (TextSource) world.calls.rows(connector, "read", RouteWorld.json(request));
    }

    private static String text(TextSource rows) throws IOException {
        try (rows;
                InputStream content = rows.content()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Failure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(FailureException.class, call).failure();
    }

    @Test
    void answersWithJson() {
        server.answer("/models", "application/json", "{\"items\":[{\"name\":\"a\"}],\"next_cursor\":\"x\"}");

        JsonNode answer = world.calls.json(connector, "models", RouteWorld.json("{\"limit\":5}"));

        assertThat(answer.at("/items/0/name").asText()).isEqualTo("a");
        assertThat(answer.path("next_cursor").asText()).isEqualTo("x");
        assertThat(world.calls
                        .json(connector, "fire", RouteWorld.json("{\"event\":\"e\"}"))
                        .path("fired")
                        .asText())
                .isEqualTo("e");
    }

    @Test
    void sendsOnlyWhatTheKameletSaysToTheSource() {
        server.answer("/models", "application/json", "[]");

        world.calls.json(connector, "models", RouteWorld.json("{\"limit\":5}"));

        ItemsServer.Asked asked = server.asked().remove();
        assertThat(asked.method()).isEqualTo("GET");
        assertThat(asked.uri()).isEqualTo("/models?page=&limit=5");
        assertThat(asked.headers()).containsEntry("authorization", "Bearer S3CRET");
        assertThat(asked.headers().keySet()).doesNotContain("operation", "page", "next", "cookie");
    }

    @Test
    void keepsNoCookies() {
        server.on("/models", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "session=1; Path=/");
            ItemsServer.send(exchange, 200, "application/json", "[]");
        });

        world.calls.json(connector, "models", RouteWorld.json("{}"));
        world.calls.json(connector, "models", RouteWorld.json("{}"));

        assertThat(server.asked()).hasSize(2).allSatisfy(asked -> assertThat(asked.headers())
                .doesNotContainKey("cookie"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|[{\"a\":1},{\"a\":2}]|JSON_ARRAY|[{\"a\":1},{\"a\":2}]",
                "text/plain|  [{\"a\":1}]|JSON_ARRAY|[{\"a\":1}]",
                "application/x-ndjson|{\"a\":1}#{\"a\":2}|NDJSON|{\"a\":1}#{\"a\":2}",
                "application/json|{#  \"a\": 1.10#}|NDJSON|{\"a\":1.10}#",
                "text/csv|a,b#1,2|CSV|a,b#1,2",
                "text/plain|a,b#1,2|CSV|a,b#1,2"
            })
    void tellsTheFormsOfRowsApart(String type, String body, Format format, String expected) throws IOException {
        server.answer("/read", type, body.replace('#', '\n'));

        TextSource rows = read("{}");

        assertThat(rows.format()).isEqualTo(format);
        assertThat(text(rows)).isEqualTo(expected.replace('#', '\n'));
    }

    @Test
    void answersNoRowsWithNoText() {
        server.answer("/read", "application/json", "");

        assertThat(read("{}").content()).isNull();
    }

    @Test
    void refusesWhatAreNoRows() {
        server.answer("/read", "text/html", "<html>");

        assertThat(failure(() -> read("{}")).code()).isEqualTo("unreadable_answer");
    }

    @Test
    void failsWhenAnAnswerBreaksOffInTheMiddle() {
        server.answer("/read", "application/json", "{\"a\":1}\n{\"a\":");

        assertThat(failure(() -> text(read("{}"))).code()).isEqualTo("unreadable_answer");
    }

    private void pages(String path, String type, String... pages) {
        server.on(path, exchange -> {
            String page = exchange.getRequestURI().getQuery().replaceFirst("page=(\\d*).*", "$1");
            int index = page.isEmpty() ? 0 : Integer.parseInt(page);
            if (index + 1 < pages.length) {
                exchange.getResponseHeaders().set("X-Next", Integer.toString(index + 1));
            }
            ItemsServer.send(exchange, 200, type, pages[index]);
        });
    }

    @Test
    void joinsPagesOfJsonAndKeepsNumbersExact() throws IOException {
        pages(
                "/read",
                "application/json",
                "[{\"n\":1},{\"n\":12345678901234567890.120}]",
                "[]",
                "{\"n\":3}\n{\"n\":4}");

        TextSource rows = read("{}");

        assertThat(rows.format()).isEqualTo(Format.NDJSON);
        assertThat(text(rows)).isEqualTo("{\"n\":1}\n{\"n\":12345678901234567890.120}\n{\"n\":3}\n{\"n\":4}\n");
    }

    @Test
    void joinsPagesOfCsvWithOneHeader() throws IOException {
        pages("/read", "text/csv", "a,b\r\n1,\"x\ny\"\r\n", "", "a,b\n2,z", "3,w");

        assertThat(text(read("{}"))).isEqualTo("a,b\n1,\"x\ny\"\n2,z\n3,w\n");
    }

    @Test
    void joinsPagesOfModels() {
        pages("/models", "application/json", "{\"items\":[{\"name\":\"a\"}]}", "[{\"name\":\"b\"}]", "");

        JsonNode answer = world.calls.json(connector, "models", RouteWorld.json("{}"));

        assertThat(answer.path("items").findValuesAsText("name")).containsExactly("a", "b");
    }

    @Test
    void callsForNoMorePagesThanTheLimitNeeds() throws IOException {
        pages("/read", "application/json", "[{\"n\":1},{\"n\":2}]", "[{\"n\":3},{\"n\":4}]", "[{\"n\":5}]");

        assertThat(text(read("{\"limit\":3}"))).isEqualTo("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void cutsASinglePageAtTheLimitToo() throws IOException {
        server.answer("/read", "text/csv", "a\n1\n2\n3\n");

        assertThat(text(read("{\"limit\":2}"))).isEqualTo("a\n1\n2\n");
    }

    @Test
    void endsPagingThatNeverEnds() {
        server.on("/read", exchange -> {
            exchange.getResponseHeaders().set("X-Next", "again");
            ItemsServer.send(exchange, 200, "application/json", "[{\"n\":1}]");
        });

        assertThat(failure(() -> text(read("{}"))).code()).isEqualTo("endless_paging");
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void tellsTheFailureOfALaterPage() {
        server.on("/read", exchange -> {
            boolean first = exchange.getRequestURI().getQuery().startsWith("page=&");
            exchange.getResponseHeaders().set("X-Next", "2");
            ItemsServer.send(exchange, first ? 200 : 429, "application/json", "[{\"n\":1}]");
        });

        assertThat(failure(() -> text(read("{}"))).code()).isEqualTo("rate_limit");
    }

    @Test
    void readsALargeAnswerWithoutHoldingIt() throws IOException {
        String row = "{\"text\":\"" + "x".repeat(1000) + "\"}\n";
        int rows = 200_000;
        server.on("/read", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < rows; i++) {
                exchange.getResponseBody().write(bytes);
            }
        });
        long before = usedMemory();

        try (TextSource source = read("{}");
                InputStream content = source.content()) {
            assertThat(usedMemory() - before).isLessThan((long) row.length() * rows / 2);
            assertThat(content.transferTo(OutputStream.nullOutputStream())).isEqualTo((long) row.length() * rows);
        }
    }

    private static long usedMemory() {
        Runtime.getRuntime().gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void endless(String path, String type, String begin, String part) {
        server.on(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            for (long sent = 0; sent < 70L << 20; sent += bytes.length) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    @Test
    void refusesACsvRecordThatAStrayQuoteMakesTooLarge() {
        endless("/read", "text/csv", "a,b\n1,\"x\n", "2,y\n".repeat(10_000));

        Failure failure = failure(() -> text(read("{\"limit\":100}")));

        assertThat(failure.code()).isEqualTo("unreadable_answer");
        assertThat(failure.detail()).contains("16 MB");
    }

    @Test
    void refusesJsonThatIsTooLargeToHold() {
        endless("/models", "application/json", "[", " ".repeat(40_000));

        Failure failure = failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}")));

        assertThat(failure).isInstanceOf(Failure.Invalid.class);
        assertThat(failure.code()).isEqualTo("answer_too_large");
        assertThat(failure.detail()).contains("64 MB");
    }

    @Test
    void keepsTheRouteUntilTheRowsAreClosed() {
        server.answer("/read", "application/json", "[{\"a\":1}]");
        RowSource rows = read("{}");

        world.routes.forget(connector.id());
        assertThat(world.routes.running()).isEqualTo(1);

        rows.close();
        await().untilAsserted(() -> assertThat(world.routes.running()).isZero());
    }

    @ParameterizedTest
    @CsvSource({
        "401,AUTHENTICATE,unauthorized,false",
        "403,AUTHORIZE,forbidden,false",
        "404,AUTHORIZE,source_not_found,false",
        "429,READ,rate_limit,true",
        "400,READ,rejected,false",
        "500,READ,source_failed,true",
        "504,READ,timeout,true"
    })
    void mapsTheStatusToTheLayer(int status, Failure.Layer layer, String code, boolean retryable) {
        server.on("/models", exchange -> ItemsServer.send(exchange, status, "text/plain", "S3CRET body"));

        Failure failure = failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}")));

        assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> {
            assertThat(source.layer()).isEqualTo(layer);
            assertThat(source.code()).isEqualTo(code);
            assertThat(source.retryable()).isEqualTo(retryable);
            assertThat(source.detail()).doesNotContain("S3CRET", "Exception", server.url());
        });
    }

    @Test
    void followsNoRedirect() {
        ItemsServer elsewhere = new ItemsServer();
        elsewhere.answer("/models", "application/json", "[]");
        server.on("/models", exchange -> {
            exchange.getResponseHeaders().set("Location", elsewhere.url() + "/models");
            ItemsServer.send(exchange, 302, "text/plain", "");
        });

        assertThat(failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}")))
                        .code())
                .isEqualTo("redirected");
        assertThat(elsewhere.asked()).isEmpty();
        elsewhere.close();
    }

    @Test
    void followsARedirectOnlyWithinTheHostWhereTheKameletAllowsIt() {
        world.drop("over-http", OVER_HTTP.replace("\"http:source\"", "\"http:source?followRedirects=true\""));
        await().atMost(Duration.ofSeconds(10)).until(() -> world.catalog
                .find("over_http")
                .orElseThrow()
                .kamelet()
                .yaml()
                .contains("followRedirects"));
        ItemsServer elsewhere = new ItemsServer();
        elsewhere.answer("/there", "application/json", "[]");
        server.answer("/there", "application/json", "[{\"name\":\"here\"}]");
        List<String> targets = new ArrayList<>(List.of(server.url() + "/there", elsewhere.url() + "/there"));
        server.on("/models", exchange -> {
            exchange.getResponseHeaders().set("Location", targets.remove(0));
            ItemsServer.send(exchange, 302, "text/plain", "");
        });

        assertThat(world.calls
                        .json(connector, "models", RouteWorld.json("{}"))
                        .at("/0/name")
                        .asText())
                .isEqualTo("here");
        assertThat(failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}")))
                        .code())
                .isEqualTo("redirected");
        assertThat(elsewhere.asked()).isEmpty();
        elsewhere.close();
    }

    @Test
    void endsACallThatTakesLongerThanItsConfigAllows() {
        Connector hurried = world.save(
                "con_hurried",
                "over_http",
                "{\"base_url\":\"" + server.url() + "\",\"token\":\"t\",\"read_timeout\":0.3}");
        server.on("/models", exchange -> {
            try {
                exchange.getRequestBody().readAllBytes();
                new CountDownLatch(1).await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        Failure failure = failure(() -> world.calls.json(hurried, "models", RouteWorld.json("{}")));

        assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> assertThat(source.timedOut())
                .isTrue());
    }

    @Test
    void logsAFailureWithoutSecrets(CapturedOutput output) {
        server.on("/models", exchange -> ItemsServer.send(exchange, 500, "text/plain", "S3CRET"));

        failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}")));

        assertThat(output.getAll()).contains("HttpOperationFailedException").doesNotContain("S3CRET");
    }

    @Test
    void refusesAnOperationThatTheTypeLacks() {
        world.drop("over-http", OVER_HTTP.replace("models,read,query", "models,read"));
        await().atMost(Duration.ofSeconds(10)).until(() -> !world.catalog
                .find("over_http")
                .orElseThrow()
                .capabilities()
                .contains("query"));

        assertThat(failure(() -> world.calls.rows(connector, "query", RouteWorld.json("{}"))))
                .isInstanceOfSatisfying(Failure.Invalid.class, invalid -> assertThat(invalid.code())
                        .isEqualTo("not_supported"));
    }

    @Test
    void dialsADisabledConnectorOnlyToTestIt() {
        server.answer("/ping", "text/plain", "pong");
        server.answer("/models", "application/json", "[]");
        server.answer("/read", "application/json", "[]");
        Connector disabled = world.disable(connector);

        for (String operation : List.of("models", "schema", "fire")) {
            assertThat(failure(() -> world.calls.json(disabled, operation, RouteWorld.json("{}")))
                            .code())
                    .isEqualTo("connector_disabled");
        }
        assertThat(failure(() -> world.calls.rows(disabled, "read", RouteWorld.json("{}"))))
                .isInstanceOf(Failure.Conflict.class);
        assertThat(server.asked()).isEmpty();
        assertThat(world.calls.test(disabled).ok()).isTrue();
    }

    @Test
    void findsTheSchemaFromTheFirstRowsWhereTheTypeDoesNotTell() {
        pages("/read", "application/json", "[{\"id\":1,\"price\":1.5,\"ok\":true,\"name\":\"x\"}]", "[{\"id\":2}]");

        JsonNode schema = world.calls.json(
                connector, "schema", RouteWorld.json("{\"model\":{\"schema\":null,\"name\":\"items\"}}"));

        assertThat(schema.path("columns").findValuesAsText("name")).containsExactly("id", "price", "ok", "name");
        assertThat(schema.path("columns").findValuesAsText("type"))
                .containsExactly("BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR");
    }

    @Test
    void testsStepByStep() {
        server.answer("/ping", "text/plain", "pong");

        TestResult result = world.calls.test(connector);

        assertThat(result.ok()).isTrue();
        assertThat(result.steps()).extracting(TestResult.Step::name).containsExactly("resolve", "connect", "read");
        assertThat(result.category()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"401,authenticate,authenticate", "403,authorize,authorize", "429,read,rate_limit", "500,read,read"})
    void testNamesTheStepThatFailed(int status, String step, String category) {
        server.on("/ping", exchange -> ItemsServer.send(exchange, status, "text/plain", ""));

        TestResult result = world.calls.test(connector);

        assertThat(result.ok()).isFalse();
        assertThat(result.category()).isEqualTo(category);
        assertThat(result.steps()).extracting(TestResult.Step::name).containsExactly("resolve", "connect", step);
        assertThat(result.steps()).extracting(TestResult.Step::ok).containsExactly(true, true, false);
        assertThat(result.error()).isNotBlank();
    }

    @Test
    void testTellsAnUnknownHostAClosedPortAndAMuteOne() throws IOException {
        TestResult unknown = world.calls.test(
                "over_http", RouteWorld.json("{\"base_url\":\"http://nowhere.invalid\",\"token\":\"t\"}"));
        assertThat(unknown.category()).isEqualTo("resolve");
        assertThat(unknown.steps()).hasSize(1);

        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        TestResult refused = world.calls.test(
                "over_http", RouteWorld.json("{\"base_url\":\"http://127.0.0.1:" + closed + "\",\"token\":\"t\"}"));
        assertThat(refused.category()).isEqualTo("connect");

        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "127.0.0.1:" + mute.getLocalPort();
            TestResult silent = world.calls.test(
                    "over_http",
                    RouteWorld.json("{\"base_url\":\"http://" + url + "\",\"token\":\"t\",\"read_timeout\":0.3}"));
            assertThat(silent.category()).isEqualTo("timeout");
            assertThat(silent.steps()).extracting(TestResult.Step::name).containsExactly("resolve", "connect", "read");
        }
    }

    @Test
    void testEndsWhenItsTimeIsOver() {
        CountDownLatch over = new CountDownLatch(1);
        server.on("/ping", exchange -> {
            try {
                over.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ConnectorTester hurried = new ConnectorTester(EgressPolicyTest.policy("allow"), Duration.ofMillis(500));

        TestResult result = hurried.test(() -> world.routes.lease(connector));
        over.countDown();

        assertThat(result.category()).isEqualTo("timeout");
        assertThat(result.latencyMs()).isBetween(500L, 3000L);
        assertThat(result.steps()).extracting(TestResult.Step::name).containsExactly("resolve", "connect", "read");
    }

    @Test
    void testTellsThatEncryptionFailed() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream().write("I speak no TLS\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            TestResult result = world.calls.test(
                    "over_http",
                    RouteWorld.json(
                            "{\"base_url\":\"https://127.0.0.1:" + plain.getLocalPort() + "\",\"token\":\"t\"}"));

            answering.join();
            assertThat(result.category()).isEqualTo("tls");
            assertThat(result.steps()).extracting(TestResult.Step::name).containsExactly("resolve", "connect", "tls");
        }
    }

    @Test
    void connectsOnlyToAddressesThatMayBeReached() {
        try (RouteWorld denied =
                new RouteWorld(Map.of("over-http", OVER_HTTP), Map.of("serai.egress.private", "deny"))) {
            Connector local =
                    denied.save("con_local", "over_http", "{\"base_url\":\"" + server.url() + "\",\"token\":\"t\"}");

            assertThat(failure(() -> denied.calls.json(local, "models", RouteWorld.json("{}")))
                            .code())
                    .isEqualTo("address_denied");
            assertThat(denied.calls.test(local).category()).isEqualTo("resolve");
            assertThat(server.asked()).isEmpty();
        }
    }
}
