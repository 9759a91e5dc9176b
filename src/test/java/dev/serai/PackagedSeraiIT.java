package dev.serai;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The jar as it is shipped: it starts with what is in it, and nothing that only tests have. */
class PackagedSeraiIT {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Started Serai in");
    private static final Pattern PASSWORD = Pattern.compile("password of admin is (\\S+)");
    private static final Duration START = Duration.ofSeconds(120);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void startsLogsInAndHasItsTypes(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process serai = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar().toString(),
                        "--server.port=0")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(START)
                    .until(() -> !serai.isAlive() || found(STARTED, log).find());
            assertThat(serai.isAlive()).as("%s", Files.readString(log)).isTrue();
            String address = "http://localhost:" + first(PORT, log);

            assertThat(get(address + "/actuator/health/liveness", null).statusCode())
                    .isEqualTo(200);
            String token = login(address, first(PASSWORD, log));
            assertThat(get(address + "/api/connectors/catalog", token).body()).contains("\"type\":\"postgresql\"");
        } finally {
            serai.destroy();
            assertThat(serai.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(log)).doesNotContain(" ERROR ");
    }

    private String login(String address, String password) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/api/auth/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.createObjectNode()
                        .put("username", "admin")
                        .put("password", password)
                        .toString()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return json.readTree(response.body()).path("access_token").asText();
    }

    private HttpResponse<String> get(String uri, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("serai-.*\\.jar"))
                    .toList();
            assertThat(jars).hasSize(1);
            return jars.get(0);
        }
    }

    private static Matcher found(Pattern pattern, Path log) throws IOException {
        return pattern.matcher(Files.readString(log));
    }

    private static String first(Pattern pattern, Path log) throws IOException {
        Matcher matcher = found(pattern, log);
        assertThat(matcher.find())
                .as("%s in %s", pattern, Files.readString(log))
                .isTrue();
        return matcher.group(1);
    }
}
