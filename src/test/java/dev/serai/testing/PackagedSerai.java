package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Serai's jar as it is shipped, in a JVM of its own: for what can only be seen from outside, such as its memory. */
public final class PackagedSerai implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Started Serai in");
    private static final Pattern PASSWORD = Pattern.compile("password of admin is (\\S+)");
    private static final Duration START = Duration.ofSeconds(120);

    private final Process process;
    private final Path log;
    private final URI address;

    private PackagedSerai(Process process, Path log) {
        this.process = process;
        this.log = log;
        await().atMost(START).until(() -> !process.isAlive() || found(STARTED).find());
        assertThat(process.isAlive()).as("%s", log()).isTrue();
        this.address = URI.create("http://localhost:" + first(PORT));
    }

    /**
     * @param folder its working directory; its data and log will be there
     * @param options of the JVM
     * @param environment such as {@code SERAI_SYNC_MEMORY}
     */
    public static PackagedSerai start(Path folder, List<String> options, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar().toString(), "--server.port=0"));
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new PackagedSerai(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar() {
        try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("serai-.*\\.jar"))
                    .toList();
            assertThat(jars).hasSize(1);
            return jars.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it said. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpCaller nobody() {
        return new HttpCaller(address, null);
    }

    /** The user {@code admin}, with the password that was printed. */
    public HttpCaller admin() {
        return admin(first(PASSWORD));
    }

    /** The user {@code admin}, with this password. */
    public HttpCaller admin(String password) {
        JsonNode login = nobody().post("/api/auth/login", Map.of("username", "admin", "password", password))
                .expect(200);
        return new HttpCaller(address, login.path("access_token").asText());
    }

    public URI address() {
        return address;
    }

    public ProcessFigures figures() {
        return new ProcessFigures(process.pid());
    }

    private Matcher found(Pattern pattern) {
        return pattern.matcher(log());
    }

    private String first(Pattern pattern) {
        Matcher matcher = found(pattern);
        assertThat(matcher.find()).as("%s in %s", pattern, log()).isTrue();
        return matcher.group(1);
    }

    /** Ends it as a service manager does. */
    @Override
    public void close() {
        process.destroy();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
