package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.Serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Serai as a process of its own: for what a JVM is told only at its start, and for all that can be seen of one from
 * outside. Its folder has {@code data}, {@code kamelets}, {@code routes} and {@code output}, which is what it printed.
 */
public final class SeraiProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    private static final Pattern STARTED = Pattern.compile("(?s)Tomcat started on port (\\d+).*Started \\w+ in");

    private final Process process;
    private final Path folder;
    private @Nullable URI address;

    private SeraiProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * @param jvm options such as {@code -Dname=value}
     * @param settings as in a properties file
     */
    public static SeraiProcess start(
            Path folder, List<String> jvm, Map<String, String> environment, Map<String, String> settings) {
        return launch(Serai.class, folder, jvm, environment, settings).ready();
    }

    /**
     * As {@link #start}, without waiting until it is {@link #ready}.
     *
     * @param program whose {@code main} starts Serai
     */
    public static SeraiProcess launch(
            Class<?> program,
            Path folder,
            List<String> jvm,
            Map<String, String> environment,
            Map<String, String> settings) {
        try {
            for (String name : List.of("data", "kamelets", "routes")) {
                Files.createDirectories(folder.resolve(name));
            }
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(
                    List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
            command.addAll(jvm);
            command.add(program.getName());
            command.add("--server.port=0");
            settings.forEach((name, value) -> command.add("--" + name + "=" + value));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile());
            builder.environment().put("SERAI_ADMIN_PASSWORD", RunningSerai.ADMIN_PASSWORD);
            builder.environment().putAll(environment);
            return new SeraiProcess(builder.start(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it serves. */
    public SeraiProcess ready() {
        Path output = folder.resolve("output");
        await().atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !process.isAlive() || started(output).find());
        try {
            Matcher started = started(output);
            assertThat(started.find()).as("%s", output).isTrue();
            address = URI.create("http://localhost:" + started.group(1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Matcher started(Path output) throws IOException {
        return STARTED.matcher(Files.readString(output, StandardCharsets.ISO_8859_1));
    }

    public long pid() {
        return process.pid();
    }

    public Path folder() {
        return folder;
    }

    public HttpCaller bearing(@Nullable String token) {
        return new HttpCaller(Objects.requireNonNull(address, "not ready"), token);
    }

    /** The user {@code admin} of the project {@code default}. */
    public HttpCaller admin() {
        return bearing(bearing(null)
                .post("/api/auth/login", Map.of("username", "admin", "password", RunningSerai.ADMIN_PASSWORD))
                .expect(200)
                .path("access_token")
                .asText());
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it as an operator does. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Serai did not stop: " + folder.resolve("output"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
