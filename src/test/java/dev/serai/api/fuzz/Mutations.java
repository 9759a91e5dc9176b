package dev.serai.api.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.instancio.Random;

/** One thing wrong with a request: in its body's values, its bytes, its URL, its headers, its method or its caller. */
final class Mutations {
    /** Deeper than the server reads and writes. */
    private static final int DEEPEST = 10_000;

    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());
    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "POST", "PATCH", "DELETE", "CONNECT", "PROPFIND", "get", "QUERY");
    private static final List<String> MEDIA = List.of(
            "application/json",
            "application/json; charset=utf-8",
            "application/json; charset=utf-16",
            "application/json; charset=nothing",
            "application/merge-patch+json",
            "text/plain",
            "text/csv",
            "application/xml",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "application/x-ndjson",
            "text/event-stream",
            "*/*",
            "*/*;q=0",
            "application/json;q=nothing",
            "application/*",
            "json",
            "",
            "/",
            ";",
            "application/json, text/csv;q=0.5");
    private static final List<Draft.Header> HEADERS = List.of(
            new Draft.Header("X-HTTP-Method-Override", "DELETE"),
            new Draft.Header("X-Forwarded-For", "10.0.0.1"),
            new Draft.Header("X-Forwarded-Prefix", "/x"),
            new Draft.Header("X-Forwarded-Proto", "gopher"),
            new Draft.Header("Forwarded", "for=x;host=evil"),
            new Draft.Header("operation", "models"),
            new Draft.Header("connector", "@{foreign.connector}"),
            new Draft.Header("project", "default"),
            new Draft.Header("mode", "full"),
            new Draft.Header("page", "1"),
            new Draft.Header("next", "/x"),
            new Draft.Header("CamelHttpResponseCode", "418"),
            new Draft.Header("CamelHttpUri", "http://127.0.0.1:1/"),
            new Draft.Header("CamelBeanMethodName", "toString"),
            new Draft.Header("CamelJdbcQuery", "SELECT 2"),
            new Draft.Header("CamelExecCommandExecutable", "id"),
            new Draft.Header("org.apache.camel.x", "y"),
            new Draft.Header("If-Match", "\"x\""),
            new Draft.Header("If-None-Match", "*"),
            new Draft.Header("If-Modified-Since", "yesterday"),
            new Draft.Header("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
            new Draft.Header("Range", "bytes=0-1"),
            new Draft.Header("Expect", "100-continue"),
            new Draft.Header("Expect", "200-ok"),
            new Draft.Header("Content-Encoding", "gzip"),
            new Draft.Header("Content-Encoding", "br"),
            new Draft.Header("Accept-Encoding", "gzip, deflate, br"),
            new Draft.Header("Accept-Language", "xx-\u00ff"),
            new Draft.Header("Content-Length", "1"),
            new Draft.Header("Content-Length", "-1"),
            new Draft.Header("Content-Length", "99999999999999999999"),
            new Draft.Header("Transfer-Encoding", "chunked"),
            new Draft.Header("Transfer-Encoding", "nothing"),
            new Draft.Header("Upgrade", "h2c"),
            new Draft.Header("Host", "evil.invalid"),
            new Draft.Header("Host", ""),
            new Draft.Header("Host", "a b"),
            new Draft.Header("Cookie", "JSESSIONID=x; \u0001"),
            new Draft.Header("Origin", "https://evil.invalid"),
            new Draft.Header("Authorization", "Basic YWRtaW46YWRtaW4="),
            new Draft.Header("Authorization", "Bearer"),
            new Draft.Header("Authorization", "Bearer a.b.c"),
            new Draft.Header("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."),
            new Draft.Header("Authorization", "Bearer \u00e9"),
            new Draft.Header("Last-Event-ID", "-1"),
            new Draft.Header("Last-Event-ID", "99999999999999999999"),
            new Draft.Header("X-Long", "x".repeat(20_000)),
            new Draft.Header("bad name", "x"),
            new Draft.Header("X-Odd", "a\u0000b"),
            new Draft.Header("X-Odd", "\u00ff\u00fe"));

    private final Values values;

    Mutations(Values values) {
        this.values = values;
    }

    Draft mutated(Random random, Draft draft) {
        int kind = random.intRange(0, 11);
        if (kind < 6 && draft.body() != null) {
            return kind < 4 ? tree(random, draft) : bytes(random, draft);
        }
        return switch (kind % 6) {
            case 0, 1 -> url(random, draft);
            case 2 -> query(random, draft);
            case 3 -> headers(random, draft);
            case 4 -> random.trueOrFalse() ? media(random, draft) : draft.withMethod(random.oneOf(METHODS));
            default ->
                random.trueOrFalse()
                        ? draft.withCaller(random.oneOf(World.CALLERS.subList(0, 7)))
                        : headers(random, draft);
        };
    }

    /** Numbers among the placeholders stand without quotes. */
    static byte[] bytes(JsonNode body) {
        try {
            return JSON.writeValueAsString(body)
                    .replace("\"@{port}\"", "@{port}")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Draft tree(Random random, Draft draft) {
        JsonNode body;
        try {
            body = JSON.readTree(new String(draft.body(), StandardCharsets.UTF_8).replace("@{port}", "\"@{port}\""));
        } catch (IOException e) {
            return bytes(random, draft);
        }
        List<ContainerNode<?>> places = new ArrayList<>();
        containers(body, places);
        if (places.isEmpty() || random.trueOrFalse(0.05)) {
            return draft.withBody(bytes(Values.anything(random, 0)));
        }
        ContainerNode<?> place = random.oneOf(places);
        if (place instanceof ObjectNode object) {
            change(random, object);
        } else if (place instanceof ArrayNode array) {
            array.insert(random.intRange(0, array.size()), Values.anything(random, 1));
        }
        return draft.withBody(bytes(body));
    }

    private static void change(Random random, ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || random.trueOrFalse(0.2)) {
            object.set(
                    random.oneOf("surprise", "id", "Name", "", "a/b~c", "\u0000", "$ref", Texts.odd(random)),
                    Values.anything(random, 1));
            return;
        }
        String name = random.oneOf(names);
        boolean dialled = name.equals("host");
        switch (random.intRange(0, 3)) {
            case 0 -> object.remove(name);
            case 1 -> object.putNull(name);
            case 2 -> object.set(name, dialled ? object.arrayNode() : object.textNode(Texts.odd(random)));
            default -> object.set(name, dialled ? object.numberNode(5) : Values.anything(random, 1));
        }
    }

    private static void containers(JsonNode node, List<ContainerNode<?>> found) {
        if (node instanceof ContainerNode<?> container && found.size() < 100) {
            found.add(container);
            node.forEach(inner -> containers(inner, found));
        }
    }

    private static Draft bytes(Random random, Draft draft) {
        String text = new String(draft.body(), StandardCharsets.UTF_8);
        byte[] other =
                switch (random.intRange(0, 14)) {
                    case 0 -> new byte[0];
                    case 1 ->
                        text.substring(0, random.intRange(0, text.length())).getBytes(StandardCharsets.UTF_8);
                    case 2 -> text.replaceFirst("\\{", "{\"a\":1,\"a\":2,").getBytes(StandardCharsets.UTF_8);
                    case 3 -> text.replaceFirst(":\"[^\"]*\"", ":NaN").getBytes(StandardCharsets.UTF_8);
                    case 4 -> text.replaceFirst(":\"[^\"]*\"", ":1e999999999").getBytes(StandardCharsets.UTF_8);
                    case 5 -> text.replaceFirst(":\"[^\"]*\"", ":\"\\\\ud800\"").getBytes(StandardCharsets.UTF_8);
                    case 6 -> text.getBytes(StandardCharsets.UTF_16);
                    case 7 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
                    case 8 -> (text + random.oneOf("{}", "x", "\u0000", "//x")).getBytes(StandardCharsets.UTF_8);
                    case 9 -> gzip(text);
                    case 10 ->
                        random.oneOf("[".repeat(100_000), "{\"a\":".repeat(2000), "[1,[2,[3", "9".repeat(5000))
                                .getBytes(StandardCharsets.UTF_8);
                    case 11 ->
                        text.replaceFirst(":\"[^\"]*\"", ":" + "9".repeat(random.oneOf(20, 400, 1001)))
                                .getBytes(StandardCharsets.UTF_8);
                    case 12 -> draft.body();
                    default -> flipped(random, draft.body());
                };
        return draft.withBody(other).inChunks(random.trueOrFalse(0.4));
    }

    private static byte[] flipped(Random random, byte[] body) {
        byte[] flipped = Arrays.copyOf(body, body.length);
        for (int i = random.intRange(1, 4); i > 0 && body.length > 0; i--) {
            flipped[random.intRange(0, body.length - 1)] =
                    (byte) (int) random.oneOf(0, 0x80, 0xC0, 0xFF, 0xED, 0x22, 0x5C, 0x7B, 0x0A, 0x31);
        }
        return flipped;
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Draft url(Random random, Draft draft) {
        String path = draft.path();
        String query = draft.target().substring(path.length());
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        int at = random.intRange(1, segments.size() - 1);
        String segment = segments.get(at);
        switch (random.intRange(0, 9)) {
            case 0 -> segments.set(at, Texts.inUrl(random, Texts.odd(random)));
            case 1 ->
                segments.set(
                        at,
                        segment + random.oneOf(";", ";a=b", "%3B", "..;", ".", "%2e", "%00", "%20", "%", "%zz", "%2"));
            case 2 ->
                segments.set(
                        at,
                        segment.isEmpty()
                                ? ""
                                : String.format("%%%02x", (int) segment.charAt(0)) + segment.substring(1));
            case 3 -> segments.add(at, random.oneOf("", ".", "..", "%2e%2e", "..;", "%2F", "%5c", "%252e%252e", "x"));
            case 4 -> segments.remove(at);
            case 5 -> segments.set(at, segment.toUpperCase(java.util.Locale.ROOT));
            case 6 ->
                segments.set(
                        at,
                        random.oneOf("a".repeat(3000), "%C0%AF", "%ED%A0%80", "%FF", "\u00e9", "a b", "a|b", "{x}"));
            case 7 -> segments.add("");
            case 8 -> segments.set(at, "%25" + segment);
            default ->
                segments.set(
                        at,
                        random.oneOf(
                                "*",
                                "catalog",
                                "test",
                                "@{foreign.connector}",
                                "@{foreign.dataset}",
                                "@{foreign.run}"));
        }
        String joined = String.join("/", segments);
        String changed = joined.startsWith("/") ? joined : "/" + joined;
        return draft.withTarget((random.trueOrFalse(0.05) ? "http://evil.invalid" + changed : changed) + query);
    }

    private Draft query(Random random, Draft draft) {
        String join = draft.target().contains("?") ? "&" : "?";
        String odd = Texts.inUrl(random, Texts.odd(random));
        String more = random.oneOf(
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=1e3",
                "limit=99999999999999999999",
                "limit=" + odd,
                "limit=5&limit=6",
                "cursor=@{cursor}",
                "cursor=" + odd,
                "version=-1",
                "version=99",
                "version=9223372036854775807",
                "columns=" + odd,
                "columns=,,",
                "search=" + odd,
                "refresh=TRUE",
                "enabled=1",
                "surprise=1",
                odd + "=" + odd,
                "=",
                "&&",
                "access_token=@{password.admin}",
                "_method=DELETE",
                "x=" + "y".repeat(random.oneOf(2000, 7000, 20_000)));
        return draft.withTarget(draft.target() + join + more);
    }

    private static Draft headers(Random random, Draft draft) {
        Draft.Header odd = random.oneOf(HEADERS);
        return draft.with(odd.name(), odd.value());
    }

    private static Draft media(Random random, Draft draft) {
        String name = random.oneOf("Content-Type", "Accept");
        List<Draft.Header> kept = new ArrayList<>(draft.headers());
        if (random.trueOrFalse(0.8)) {
            kept.removeIf(header -> header.name().equals(name));
        }
        if (random.trueOrFalse(0.9)) {
            kept.add(new Draft.Header(name, random.oneOf(MEDIA)));
        }
        return draft.withHeaders(kept);
    }
}
