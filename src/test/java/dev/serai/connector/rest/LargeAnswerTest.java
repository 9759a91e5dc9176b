package dev.serai.connector.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.ItemsServer;
import dev.serai.rows.TextSource;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/** Is an answer of any length read in little memory? In a process of its own that has no more. */
class LargeAnswerTest {
    private static final String HEAP = "-Xmx40m";
    private static final byte[] RECORD =
            ("{\"id\":1,\"text\":\"" + "x".repeat(980) + "\"},").getBytes(StandardCharsets.UTF_8);

    @Test
    void readsMoreThanItsMemoryHolds() throws Exception {
        read(120);
    }

    @Test
    @Tag("soak")
    void readsAGigabyte() throws Exception {
        read(1024);
    }

    private static void read(int megabytes) throws Exception {
        try (ItemsServer server = new ItemsServer()) {
            server.on("/large", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 0);
                write(exchange.getResponseBody(), megabytes * 1024);
            });
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Reader.class.getName(),
                            server.url())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said.strip()).endsWith("lines " + megabytes * 1024);
        }
    }

    private static void write(OutputStream out, int records) throws IOException {
        out.write("{\"data\":{\"items\":[".getBytes(StandardCharsets.UTF_8));
        for (int i = 1; i < records; i++) {
            out.write(RECORD);
        }
        out.write(RECORD, 0, RECORD.length - 1);
        out.write("]}}".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The process that reads. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) throws IOException {
            Map<String, Object> config = Map.of(
                    "base_url",
                    arguments[0],
                    "endpoints",
                    List.of(Map.of("name", "large", "path", "/large", "records", "$.data.items[*]")));
            long lines = 0;
            try (RestSource source = new RestSource(config, new EgressPolicy(Settings.of(Map.of())));
                    TextSource rows = (TextSource) source.read(Map.of("model", Map.of("name", "large")))) {
                InputStream text = java.util.Objects.requireNonNull(rows.content());
                byte[] some = new byte[1 << 16];
                for (int count = text.read(some); count >= 0; count = text.read(some)) {
                    for (int i = 0; i < count; i++) {
                        lines += some[i] == '\n' ? 1 : 0;
                    }
                }
            }
            System.out.println("lines " + lines);
        }
    }
}
