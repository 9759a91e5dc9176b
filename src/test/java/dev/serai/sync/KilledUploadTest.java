package dev.serai.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.SeraiProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** A process that is killed while an uploaded file becomes a dataset, and what the next one makes of it. */
class KilledUploadTest {
    private static final String TYPE = "multipart/form-data; boundary=x";

    @TempDir
    Path folder;

    private static JsonNode upload(HttpCaller caller, String connector, String file) {
        String form = "--x\r\nContent-Disposition: form-data; name=\"dataset\"\r\n\r\npeople\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + file + "\r\n--x--\r\n";
        return caller.post(
                        "/api/connectors/" + connector + "/upload",
                        form.getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        TYPE)
                .expect(202);
    }

    private static JsonNode ended(HttpCaller caller, JsonNode begun) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> caller.get("/api/runs/" + begun.path("run_id").asText())
                                .expect(200),
                        run -> !run.path("ended_at").isNull());
    }

    private SeraiProcess start() {
        return SeraiProcess.start(
                folder,
                List.of(),
                Map.of(),
                Map.of("serai.data-dir", folder.resolve("data").toString(), "serai.sync.retry", "0s"));
    }

    private long uploads() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data/uploads"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void endsTheRunAndLeavesNeitherFileNorHalfADataset() throws Exception {
        String connector;
        JsonNode begun;
        SeraiProcess first = start();
        try {
            HttpCaller admin = first.admin();
            connector = admin.post("/api/connectors", Map.of("name", "Files", "type", "csv", "config", Map.of()))
                    .expect(201)
                    .path("id")
                    .asText();
            assertThat(ended(admin, upload(admin, connector, "id,v\n1,old\n"))
                            .path("status")
                            .asText())
                    .isEqualTo("succeeded");
            begun = upload(
                    admin,
                    connector,
                    "id,v\n"
                            + IntStream.range(0, 3_000_000)
                                    .mapToObj(i -> i + ",value " + i + "\n")
                                    .collect(Collectors.joining()));
        } finally {
            first.kill();
        }
        assertThat(uploads()).as("it was killed midway").isPositive();

        try (SeraiProcess second = start()) {
            HttpCaller admin = second.admin();
            JsonNode run = ended(admin, begun);
            assertThat(run.path("status").asText()).isEqualTo("failed");
            assertThat(run.path("reason").asText()).as(run.toString()).isEqualTo("interrupted");
            assertThat(uploads()).isZero();
            assertThat(admin.post("/api/query", Map.of("sql", "SELECT * FROM people"))
                            .expect(200)
                            .path("rows")
                            .toString())
                    .isEqualTo("[[1,\"old\"]]");
            assertThat(ended(admin, upload(admin, connector, "id,v\n2,new\n"))
                            .path("status")
                            .asText())
                    .isEqualTo("succeeded");
        }
    }
}
