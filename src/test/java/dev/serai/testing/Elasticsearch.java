package dev.serai.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A real Elasticsearch 7.17 in a JVM of its own, without the parts that are not free: it knows no logins and no data streams. */
public final class Elasticsearch implements AutoCloseable {
    /** How names of indices begin whose searches take a minute. */
    public static final String SLOW = "slow";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private int port;

    private Elasticsearch() {
        home = TestFolder.create("elasticsearch");
        process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /** The node that all tests share; who needs names of his own makes them. */
    public static Elasticsearch shared() {
        return Shared.NODE;
    }

    /** One that may be killed. */
    public static Elasticsearch start() {
        return new Elasticsearch();
    }

    private static final class Shared {
        private static final Elasticsearch NODE = new Elasticsearch();
    }

    private Process launch() {
        try {
            Files.createDirectories(home.resolve("config"));
            Path log = home.resolve("log.txt");
            Process started = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xms64m",
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classpath(),
                            ElasticsearchNode.class.getName(),
                            home.toString(),
                            String.valueOf(port))
                    .redirectError(log.toFile())
                    .start();
            BufferedReader told = started.inputReader(StandardCharsets.UTF_8);
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                if (line.startsWith(ElasticsearchNode.READY)) {
                    port = Integer.parseInt(line.substring(ElasticsearchNode.READY.length()));
                    drain(told);
                    return started;
                }
            }
            throw new IllegalStateException("Elasticsearch did not start: " + Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader told) {
        Thread thread = new Thread(() -> told.lines().forEach(line -> {}), "elasticsearch-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** That of the tests, but with its own way to log. */
    private static String classpath() {
        return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.matches(".*/(log4j-to-slf4j|logback-[a-z]+|spring-[a-z-]+)-[^/]*\\.jar"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public ObjectNode config() {
        return JsonNodeFactory.instance.objectNode().put("base_url", url());
    }

    public JsonNode get(String path) {
        return call("GET", path, null);
    }

    /** @param mappings as the server takes them, in JSON */
    public void index(String name, String mappings) {
        call(
                "PUT",
                "/" + name,
                "{\"settings\": {\"number_of_replicas\": 0, \"refresh_interval\": -1}, \"mappings\": " + mappings
                        + "}");
    }

    /** By id; they can be found afterwards. */
    public void put(String index, Map<String, ?> documents) {
        List<String> lines = new ArrayList<>();
        documents.forEach((id, document) -> {
            lines.add("{\"index\": {\"_id\": " + json(id) + "}}");
            lines.add(document instanceof String text ? text : json(document));
            if (lines.size() >= 5_000) {
                bulk(index, lines);
            }
        });
        bulk(index, lines);
        call("POST", "/" + index + "/_refresh", null);
    }

    private void bulk(String index, List<String> lines) {
        if (!lines.isEmpty()) {
            JsonNode done = call("POST", "/" + index + "/_bulk", String.join("\n", lines) + "\n");
            if (done.path("errors").asBoolean()) {
                throw new IllegalStateException(done.toString());
            }
            lines.clear();
        }
    }

    public JsonNode call(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** How many points in time and scrolls are open at the shards. */
    public int openReads() {
        return get("/_nodes/stats/indices/search")
                .findPath("search")
                .path("open_contexts")
                .asInt();
    }

    /** How many searches run. */
    public int searches() {
        return get("/_tasks?actions=indices:data/read/search").findPath("tasks").size();
    }

    /** How many connections Serai has with it. */
    public int connections() {
        int open = 0;
        for (JsonNode client : get("/_nodes/stats/http").findPath("clients")) {
            if (client.path("agent").asText("").startsWith("Serai") && !client.has("closed_time_millis")) {
                open++;
            }
        }
        return open;
    }

    /** As if its machine went off. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** With all that it had, on the same port. */
    public void startAgain() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }
}
