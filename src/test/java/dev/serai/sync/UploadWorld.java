package dev.serai.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Uploads over HTTP, each test with a connector and a dataset of its own; all share one Serai. */
abstract class UploadWorld {
    static final RunningSerai SERAI =
            RunningSerai.start(Map.of("serai.max-upload", "40MB", "serai.sync.memory", "2GB"));
    static final String BOUNDARY = "----a-line-that-no-file-has";
    static final HttpCaller ADMIN = SERAI.as("admin", "uploads");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final String connector = connector(Map.of());
    final String name = "file" + NUMBER.incrementAndGet();

    static String connector(Map<String, Object> config) {
        return ADMIN.post(
                        "/api/connectors",
                        Map.of("name", "Files " + NUMBER.incrementAndGet(), "type", "excel", "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    static byte[] form(byte[] file, Map<String, String> fields) {
        var body = new ByteArrayOutputStream();
        fields.forEach((field, value) -> body.writeBytes(("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n")
                .getBytes(StandardCharsets.UTF_8)));
        body.writeBytes(("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    final Reply send(HttpCaller caller, String path, byte[] file, Map<String, String> fields) {
        return caller.post(
                "/api/connectors/" + connector + path,
                form(file, fields),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    final Reply upload(byte[] file, String... fields) {
        var all = new HashMap<String, String>();
        all.put("dataset", name);
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        return send(ADMIN, "/upload", file, all);
    }

    /** What the run tells of the dataset, once it has ended. */
    final JsonNode uploaded(byte[] file, String... fields) {
        JsonNode begun = upload(file, fields).expect(202);
        JsonNode run = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(30))
                .until(
                        () -> ADMIN.get("/api/runs/" + begun.path("run_id").asText())
                                .expect(200),
                        there -> !there.path("ended_at").isNull());
        assertThat(run.path("trigger").asText()).isEqualTo("upload");
        assertThat(run.at("/datasets/0/dataset_id")).isEqualTo(begun.path("dataset_id"));
        return run.at("/datasets/0");
    }

    final JsonNode uploaded(String file, String... fields) {
        return uploaded(file.getBytes(StandardCharsets.UTF_8), fields);
    }

    static JsonNode query(String sql) {
        return ADMIN.post("/api/query", Map.of("sql", sql)).expect(200);
    }

    final String rows(String order) {
        return query("SELECT * FROM " + name + " ORDER BY " + order)
                .path("rows")
                .toString();
    }

    final String types() {
        return query("SELECT * FROM " + name + " LIMIT 0")
                .path("columns")
                .findValuesAsText("type")
                .toString();
    }

    final String columns() {
        return query("SELECT * FROM " + name + " LIMIT 0")
                .path("columns")
                .findValuesAsText("name")
                .toString();
    }

    final String rejects() {
        return query("SELECT line, reason, raw FROM " + name + "__rejects ORDER BY line")
                .path("rows")
                .toString();
    }

    static long filesLeft() throws IOException {
        Path uploads = SERAI.folder().resolve("data/uploads");
        try (Stream<Path> files = Files.walk(uploads)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    static byte[] packed(byte[] file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(file);
        }
        return bytes.toByteArray();
    }

    static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (String one : names) {
                out.putNextEntry(new ZipEntry(one));
                out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
