package dev.serai.connector.rest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.ItemsServer;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Are all pages of an API read, in each of its manners, and nothing told to anybody else? */
class RestSourceTest {
    private static final String JSON = "application/json";
    private final ItemsServer server = new ItemsServer();
    private final ItemsServer elsewhere = new ItemsServer();

    @AfterEach
    void stop() {
        server.close();
        elsewhere.close();
    }

    private RestSource source(Map<String, Object> endpoint, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("base_url", server.url(), "max_retries", 2));
        Map<String, Object> named = new HashMap<>(Map.of("name", "things", "path", "/things"));
        named.putAll(endpoint);
        config.put("endpoints", List.of(named));
        config.putAll(more);
        return new RestSource(config, new EgressPolicy(Settings.of(Map.of())));
    }

    private List<List<@Nullable String>> rows(Map<String, Object> endpoint, Map<String, Object> more) {
        try (RestSource source = source(endpoint, more)) {
            return Rows.of(source.read(request())).values();
        }
    }

    private static Map<String, Object> request() {
        return new HashMap<>(Map.of("model", Map.of("name", "things")));
    }

    private Failure failure(Map<String, Object> endpoint, Map<String, Object> more) {
        try {
            rows(endpoint, more);
        } catch (FailureException e) {
            return e.failure();
        }
        throw new AssertionError("It works");
    }

    private static List<List<String>> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> List.of("" + i)).toList();
    }

    private static String items(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static Map<String, String> query(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : query == null ? new String[0] : query.split("&")) {
            String[] both = part.split("=", 2);
            parameters.put(both[0], both.length < 2 ? "" : both[1]);
        }
        return parameters;
    }

    @Test
    void followsLinkHeaders() {
        server.on("/things", exchange -> {
            int page =
                    Integer.parseInt(query(exchange.getRequestURI().getQuery()).getOrDefault("page", "1"));
            if (page < 3) {
                exchange.getResponseHeaders()
                        .set(
                                "Link",
                                "<" + server.url() + "/things?page=1>; rel=\"first prev\", </things?page=" + (page + 1)
                                        + "&q=a,b>; title=\"x, y; rel=next\"; rel=\"next\"");
            }
            ItemsServer.send(exchange, 200, JSON, items(page * 2 - 1, page * 2));
        });

        assertThat(rows(Map.of("pagination", Map.of("type", "link_header")), Map.of()))
                .isEqualTo(ids(1, 6));
    }

    @Test
    void goesOnAfterTheLastRecordWhileThereIsMore() {
        server.on("/things", exchange -> {
            int after =
                    Integer.parseInt(query(exchange.getRequestURI().getQuery()).getOrDefault("starting_after", "0"));
            ItemsServer.send(
                    exchange,
                    200,
                    JSON,
                    "{\"data\":" + items(after + 1, after + 2) + ",\"has_more\":" + (after < 4) + "}");
        });

        assertThat(rows(
                        Map.of(
                                "records",
                                "$.data[*]",
                                "pagination",
                                Map.of(
                                        "type", "cursor",
                                        "param", "starting_after",
                                        "cursor_record", "id",
                                        "has_more", "$.has_more")),
                        Map.of()))
                .isEqualTo(ids(1, 6));
    }

    @Test
    void countsPagesAndOffsets() {
        server.on("/things", exchange -> {
            Map<String, String> asked = query(exchange.getRequestURI().getQuery());
            int size = Integer.parseInt(asked.get("size"));
            int from = asked.containsKey("page")
                    ? (Integer.parseInt(asked.get("page")) - 1) * size
                    : Integer.parseInt(asked.get("skip"));
            ItemsServer.send(exchange, 200, JSON, items(from + 1, Math.min(5, from + size)));
        });
        Map<String, Object> paging = new HashMap<>(Map.of("type", "page", "size_param", "size", "size", 2));

        assertThat(rows(Map.of("pagination", paging), Map.of())).isEqualTo(ids(1, 5));
        paging.putAll(Map.of("type", "offset", "param", "skip"));
        assertThat(rows(Map.of("pagination", paging), Map.of())).isEqualTo(ids(1, 5));
        assertThat(server.asked()).hasSize(6);
    }

    @Test
    void postsItsQuestionsWithTheCursorInTheBody() {
        server.on("/things", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean first = body.equals("{\"status\":\"open\"}");
            assertThat(first || body.equals("{\"status\":\"open\",\"after\":\"c2\"}"))
                    .isTrue();
            exchange.getResponseHeaders().set("X-Cursor", first ? "c2" : "");
            ItemsServer.send(exchange, 200, JSON, first ? items(1, 2) : items(3, 3));
        });

        assertThat(rows(
                        Map.of(
                                "method", "POST",
                                "body", Map.of("status", "open"),
                                "pagination",
                                        Map.of(
                                                "type",
                                                "cursor",
                                                "param",
                                                "after",
                                                "cursor_header",
                                                "X-Cursor",
                                                "in",
                                                "body")),
                        Map.of()))
                .isEqualTo(ids(1, 3));
    }

    @Test
    void noticesPagesThatNeverEnd() {
        AtomicInteger number = new AtomicInteger();
        server.on("/things", exchange -> {
            int page = number.incrementAndGet();
            ItemsServer.send(
                    exchange,
                    200,
                    JSON,
                    "{\"same\":[{\"id\":1}],\"new\":[{\"id\":" + page + "}],\"stuck\":\"x\",\"next\":\"c" + page
                            + "\",\"url\":\"/things?p=" + page % 2 + "\"}");
        });

        for (Map<String, Object> endpoint : List.<Map<String, Object>>of(
                Map.of("records", "/same", "pagination", Map.of("type", "page")),
                Map.of("records", "/new", "pagination", Map.of("type", "cursor", "cursor", "/stuck")),
                Map.of("records", "/new", "pagination", Map.of("type", "next_url", "next", "/url")),
                Map.of("records", "/new", "pagination", Map.of("type", "cursor", "cursor", "/next")))) {
            assertThat(failure(endpoint, Map.of("max_pages", 7)).code())
                    .as(endpoint.toString())
                    .isEqualTo("endless_paging");
        }
    }

    @Test
    void sendsNothingToAnotherHost() {
        elsewhere.answer("/", JSON, "[]");
        server.on("/things", exchange -> {
            exchange.getResponseHeaders().set("Link", "<" + elsewhere.url() + "/things>; rel=next");
            ItemsServer.send(exchange, 200, JSON, "{\"d\":[{\"id\":1}],\"next\":\"" + elsewhere.url() + "/x\"}");
        });
        server.on("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", elsewhere.url() + "/x");
            exchange.sendResponseHeaders(307, -1);
        });
        server.on("/metadata", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest");
            exchange.sendResponseHeaders(302, -1);
        });
        Map<String, Object> login = Map.of("auth", "bearer", "token", "s3cret");

        assertThat(failure(Map.of("pagination", Map.of("type", "link_header")), login)
                        .code())
                .isEqualTo("redirected");
        assertThat(failure(Map.of("records", "/d", "pagination", Map.of("type", "next_url", "next", "/next")), login)
                        .code())
                .isEqualTo("redirected");
        assertThat(failure(Map.of("path", "/moved"), login).code()).isEqualTo("redirected");
        assertThat(failure(Map.of("path", "/metadata"), login).code()).isEqualTo("redirected");
        assertThat(elsewhere.asked()).isEmpty();
    }

    @Test
    void followsRedirectsWithinTheHost() {
        server.on("/old", exchange -> {
            exchange.getResponseHeaders().set("Location", "/things");
            exchange.sendResponseHeaders(301, -1);
        });
        server.on(
                "/things",
                exchange -> ItemsServer.send(
                        exchange,
                        "Basic dTpw".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401,
                        JSON,
                        "[{\"id\":1}]"));
        server.on("/round", exchange -> {
            exchange.getResponseHeaders().set("Location", "/round");
            exchange.sendResponseHeaders(302, -1);
        });
        Map<String, Object> login = Map.of("auth", "basic", "username", "u", "password", "p");

        assertThat(rows(Map.of("path", "/old"), login)).isEqualTo(ids(1, 1));
        assertThat(failure(Map.of("path", "/round"), login).code()).isEqualTo("redirected");
    }

    @Test
    void waitsAsLongAsTheApiWants() {
        AtomicInteger asked = new AtomicInteger();
        server.on("/things", exchange -> {
            int number = asked.incrementAndGet();
            if (number < 3) {
                String date = DateTimeFormatter.RFC_1123_DATE_TIME
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now().plusSeconds(1));
                exchange.getResponseHeaders().set("Retry-After", number == 1 ? "1" : date);
            }
            ItemsServer.send(exchange, number == 1 ? 429 : number == 2 ? 503 : 200, JSON, "[{\"id\":1}]");
        });
        server.on("/later", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            ItemsServer.send(exchange, 429, JSON, "{}");
        });

        long start = System.nanoTime();
        assertThat(rows(Map.of(), Map.of())).isEqualTo(ids(1, 1));
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);

        Failure later = failure(Map.of("path", "/later"), Map.of());
        assertThat(later.code()).isEqualTo("rate_limit");
        assertThat(later.retryable()).isTrue();
        assertThat(later.detail()).contains("3600 s");
    }

    @Test
    void givesUpAfterItsRetriesAndRepeatsNoPost() {
        server.on("/things", exchange -> ItemsServer.send(exchange, 502, JSON, "{}"));

        assertThat(failure(Map.of(), Map.of("max_retries", 1)).code()).isEqualTo("source_failed");
        assertThat(server.asked()).hasSize(2);
        assertThat(failure(Map.of("method", "POST"), Map.of()).code()).isEqualTo("source_failed");
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void stopsAWaitAtOnce() {
        server.on("/things", exchange -> {
            boolean first = exchange.getRequestURI().getQuery() == null;
            exchange.getResponseHeaders().set("Link", "</things?2>; rel=next");
            exchange.getResponseHeaders().set("Retry-After", "50");
            ItemsServer.send(exchange, first ? 200 : 429, JSON, "[{\"id\":1}]");
        });
        try (RestSource source = source(Map.of("pagination", Map.of("type", "link_header")), Map.of())) {
            RowSource rows = source.read(request());
            var reading = CompletableFuture.supplyAsync(() -> Rows.of(rows));
            await().until(() -> server.asked().size() == 2);

            rows.close();

            await().atMost(java.time.Duration.ofSeconds(5)).until(reading::isDone);
            assertThat(reading).failsWithin(java.time.Duration.ofSeconds(1));
        }
    }

    @Test
    void tellsNoKeyEvenWhereTheApiRepeatsIt() {
        server.on(
                "/things",
                exchange -> ItemsServer.send(
                        exchange,
                        400,
                        JSON,
                        "{\"error\":{\"message\":\"Bad call of "
                                + exchange.getRequestURI().getRawQuery() + " by k 3y&\"}}"));

        Failure failure = failure(
                Map.of("query", Map.of("a", List.of("1", "2"), "b", true)),
                Map.of("auth", "api_key", "api_key", "k 3y&", "api_key_name", "key", "api_key_in", "query"));

        assertThat(server.asked().peek().uri())
                .contains("key=k%203y%26")
                .contains("a=1&a=2")
                .contains("b=true");
        assertThat(failure.detail())
                .contains("Bad call of")
                .contains("key=********")
                .doesNotContain("k%203y")
                .doesNotContain("k 3y");
    }

    @Test
    void sendsAnApiKeyByAHeader() {
        server.on(
                "/things",
                exchange -> ItemsServer.send(
                        exchange,
                        "k".equals(exchange.getRequestHeaders().getFirst("X-Key")) ? 200 : 401,
                        JSON,
                        "[{\"id\":1}]"));

        assertThat(rows(Map.of(), Map.of("auth", "api_key", "api_key", "k", "api_key_name", "X-Key")))
                .isEqualTo(ids(1, 1));
        assertThat(failure(Map.of(), Map.of("auth", "api_key", "api_key", "wrong", "api_key_name", "X-Key"))
                        .code())
                .isEqualTo("unauthorized");
    }

    private Map<String, Object> oauth(String secret) {
        return Map.of(
                "auth", "oauth2_client_credentials",
                "token_url", elsewhere.url() + "/token",
                "client_id", "i:d",
                "client_secret", secret,
                "scope", "things.read");
    }

    private AtomicInteger tokens(int life) {
        AtomicInteger given = new AtomicInteger();
        elsewhere.on("/token", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String login = "Basic " + java.util.Base64.getEncoder().encodeToString("i%3Ad:s3cret".getBytes());
            boolean right = login.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    && body.equals("grant_type=client_credentials&scope=things.read");
            ItemsServer.send(
                    exchange,
                    right ? 200 : 401,
                    JSON,
                    right
                            ? "{\"access_token\":\"t" + given.incrementAndGet()
                                    + "\",\"token_type\":\"Bearer\",\"expires_in\":" + life + "}"
                            : "{\"error\":\"invalid_client\"}");
        });
        return given;
    }

    @Test
    void keepsATokenAsLongAsItIsGood() {
        AtomicInteger given = tokens(3600);
        AtomicInteger bad = new AtomicInteger(0);
        server.on("/things", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            boolean good = ("Bearer t" + given.get()).equals(token) && given.get() != bad.get();
            ItemsServer.send(exchange, good ? 200 : 401, JSON, "[{\"id\":1}]");
        });
        try (RestSource source = source(Map.of(), oauth("s3cret"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(Rows.of(source.read(request())).values()).isEqualTo(ids(1, 1));
            }
            assertThat(given).hasValue(1);

            // Withdrawn by the server before its time.
            bad.set(1);
            assertThat(Rows.of(source.read(request())).values()).isEqualTo(ids(1, 1));
            assertThat(given).hasValue(2);
        }
    }

    @Test
    void asksForAnotherTokenOnceOnlyAndTellsNoSecret() {
        AtomicInteger given = tokens(0);
        server.on("/things", exchange -> ItemsServer.send(exchange, 401, JSON, "{}"));

        assertThat(failure(Map.of(), oauth("s3cret")).code()).isEqualTo("unauthorized");
        assertThat(given).hasValue(2);
        Failure refused = failure(Map.of(), oauth("wr0ng"));
        assertThat(refused.code()).isEqualTo("authentication_failed");
        assertThat(refused.detail()).contains("invalid_client").doesNotContain("wr0ng");
    }

    @Test
    void renewsATokenBeforeItsEnd() {
        AtomicInteger given = tokens(0);
        server.answer("/things", JSON, "[{\"id\":1}]");
        try (RestSource source = source(Map.of(), oauth("s3cret"))) {
            Rows.of(source.read(request()));
            Rows.of(source.read(request()));
        }
        assertThat(given).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            application/json          | {"id":1,"n":{"x":[1.5,null]}} | 1;{'x': [1.5, NULL]}
            application/vnd.api+json  | [{"id":1,"n":1234567890123456789}] | 1;1234567890123456789
            application/x-ndjson      | {"id":1}{"id":2} | 1
            text/plain                | [{"id":1}] | 1
            text/csv                  | `id,n\\n1,"a ""b"",\\nc"\\n` | `1;a "b",\\nc`
            application/xml           | <r><t a="7"><id>1</id></t></r> | 7;1
            text/xml; charset=utf-8   | <r><t><id>1</id><id>2</id></t></r> | [1, 2]
            """)
    void readsEachFormat(String type, String body, String first) {
        server.answer("/things", type, body.replace("\\n", "\n"));

        assertThat(String.join(";", rows(Map.of(), Map.of()).get(0))).isEqualTo(first.replace("\\n", "\n"));
    }

    @Test
    void readsTheCharacterSetThatIsTold() {
        server.on("/things", exchange -> {
            byte[] text = "[{\"id\":\"é\"}]".getBytes(StandardCharsets.ISO_8859_1);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=iso-8859-1");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        });

        assertThat(rows(Map.of(), Map.of())).containsExactly(List.of("é"));
    }

    @Test
    void joinsPagesOfCsv() {
        server.on("/things", exchange -> {
            boolean first = exchange.getRequestURI().getQuery().equals("page=1");
            ItemsServer.send(exchange, 200, "text/csv", first ? "id;n\r\n1;a,b\r\n" : "id;n\r\n");
        });

        assertThat(rows(Map.of("delimiter", ";", "pagination", Map.of("type", "page")), Map.of()))
                .containsExactly(List.of("1", "a,b"));
    }

    @Test
    void takesNoContentForNoRecords() {
        server.on("/things", exchange -> exchange.sendResponseHeaders(204, -1));

        assertThat(rows(Map.of(), Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            text/html        | <html><p>Log in</p></html>
            application/json | <!DOCTYPE html><p>Log in</p>
            image/png        | x
            application/json | {"other": []}
            application/json | {"things": [{"id": 1}]} {"things": []}
            application/json | {"things": [{"id": 1}
            application/json | nonsense
            application/xml  | <!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><things><id>&x;</id></things></r>
            application/xml  | <r><things><id>1</id></things>
            """)
    void refusesWhatIsNotData(String type, String body) {
        server.answer("/things", type, body);

        Failure failure = failure(Map.of("records", type.endsWith("xml") ? "/r/things" : "/things"), Map.of());

        assertThat(failure.code()).isIn("unreadable_answer", "read_failed");
        assertThat(failure.detail()).doesNotContain("Log in").doesNotContain("nonsense");
    }

    @Test
    void takesNothingThereForEmptyOnlyWhereThatIsSaid() {
        server.answer("/things", JSON, "{\"error\": \"changed\"}");

        assertThat(failure(Map.of("records", "/data"), Map.of()).detail()).contains("$.data");
        assertThat(rows(Map.of("records", "/data", "missing_is_empty", true), Map.of()))
                .isEmpty();
    }

    @Test
    void failsWhereTheServerBreaksOffInTheMiddle() {
        server.on("/things", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("[{\"id\":1},".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });

        assertThat(failure(Map.of(), Map.of()).code()).isEqualTo("read_failed");
    }

    @Test
    void asksOnlyForWhatIsNew() {
        server.answer("/things", JSON, "[{\"id\":1}]");
        Map<String, Object> request = request();
        request.put("window", Map.of("column", "at", "from", "2026-01-31 12:00:00.5+00"));
        for (String form : List.of("iso8601", "date", "epoch_seconds", "epoch_millis", "raw", "uuuuMMdd HH:mm")) {
            try (RestSource source = source(
                    Map.of("watermark_param", "since", "watermark_column", "at", "watermark_format", form), Map.of())) {
                Rows.of(source.read(request));
            }
        }
        request.put("window", Map.of("column", "other", "from", "7"));
        try (RestSource source = source(Map.of("watermark_param", "since", "watermark_column", "at"), Map.of())) {
            Rows.of(source.read(request));
        }

        assertThat(server.asked())
                .extracting(ItemsServer.Asked::uri)
                .containsExactly(
                        "/things?since=2026-01-31T12%3A00%3A00.500Z",
                        "/things?since=2026-01-31",
                        "/things?since=1769860800",
                        "/things?since=1769860800500",
                        "/things?since=2026-01-31%2012%3A00%3A00.5%2B00",
                        "/things?since=20260131%2012%3A00",
                        "/things");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//other.example/x",
                "/a/../b",
                "/a/%2e%2e/b",
                "/a?b=c",
                "http://other.example",
                "{\"path\":\"/x\",\"endpoint\":\"things\"}",
                "{\"path\":\"/x\",\"method\":\"DELETE\"}",
                "{\"endpoint\":\"other\"}",
                "{\"path\":\"/x\",\"records\":\"$..a\"}",
                "{\"path\":\"/x\",\"params\":[1]}",
                "{\"path\":\"/x\",\"params\":{\"a\":{}}}"
            })
    void asksForNothingThatIsNotBelowItsAddress(String query) {
        try (RestSource source = source(Map.of(), Map.of())) {
            source.query(Map.of("query", query));
        } catch (FailureException e) {
            assertThat(e.failure()).isInstanceOf(Failure.Invalid.class);
            assertThat(server.asked()).isEmpty();
            return;
        }
        throw new AssertionError("It was not refused");
    }

    @Test
    void changesNoDigitOfANumber() throws Exception {
        server.answer("/things", JSON, "[{\"n\":[1.50,1E+400,12345678901234567890123],\"t\":\"\\u00e9\\n\"}]");
        try (RestSource source = source(Map.of(), Map.of())) {
            assertThat(new String(
                            ((TextSource) source.read(request())).content().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"n\":[1.50,1E+400,12345678901234567890123],\"t\":\"é\\n\"}\n");
        }
    }

    @Test
    void tellsItsKeyAndChoosesItsColumns() {
        server.answer("/things", JSON, "[{\"id\":1,\"a\":{\"b\":1},\"c\":2.50}]");
        try (RestSource source = source(Map.of("key", List.of("id")), Map.of())) {
            assertThat(((TextSource) source.read(request())).key()).containsExactly("id");
            Map<String, Object> request = request();
            request.put("columns", List.of("none", "c", "id"));
            Rows rows = Rows.of(source.read(request));
            assertThat(rows.names()).containsExactly("none", "c", "id");
        }
    }
}
