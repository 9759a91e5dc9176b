package dev.serai.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Files on their way into datasets, over HTTP. */
class UploadTest {
    private static final RunningSerai SERAI =
            RunningSerai.start(Map.of("serai.max-upload", "40MB", "serai.sync.memory", "2GB"));
    private static final String BOUNDARY = "----a-line-that-no-file-has";
    private static final HttpCaller ADMIN = SERAI.as("admin", "uploads");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String connector = connector(Map.of());
    private final String name = "file" + NUMBER.incrementAndGet();

    private static String connector(Map<String, Object> config) {
        return ADMIN.post(
                        "/api/connectors",
                        Map.of("name", "Files " + NUMBER.incrementAndGet(), "type", "excel", "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    private static byte[] form(byte[] file, Map<String, String> fields) {
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

    private Reply send(HttpCaller caller, String path, byte[] file, Map<String, String> fields) {
        return caller.post(
                "/api/connectors/" + connector + path,
                form(file, fields),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    private Reply upload(byte[] file, String... fields) {
        var all = new HashMap<String, String>();
        all.put("dataset", name);
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        return send(ADMIN, "/upload", file, all);
    }

    /** What the run tells of the dataset, once it has ended. */
    private JsonNode uploaded(byte[] file, String... fields) {
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

    private JsonNode uploaded(String file, String... fields) {
        return uploaded(file.getBytes(StandardCharsets.UTF_8), fields);
    }

    private static JsonNode query(String sql) {
        return ADMIN.post("/api/query", Map.of("sql", sql)).expect(200);
    }

    private String rows(String order) {
        return query("SELECT * FROM " + name + " ORDER BY " + order)
                .path("rows")
                .toString();
    }

    private String types() {
        return query("SELECT * FROM " + name + " LIMIT 0")
                .path("columns")
                .findValuesAsText("type")
                .toString();
    }

    private String columns() {
        return query("SELECT * FROM " + name + " LIMIT 0")
                .path("columns")
                .findValuesAsText("name")
                .toString();
    }

    private String rejects() {
        return query("SELECT line, reason, raw FROM " + name + "__rejects ORDER BY line")
                .path("rows")
                .toString();
    }

    private static long filesLeft() throws IOException {
        Path uploads = SERAI.folder().resolve("data/uploads");
        try (Stream<Path> files = Files.walk(uploads)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void makesADatasetOfAFile() throws Exception {
        JsonNode outcome = uploaded("id;name;price\n1;Ann;1.5\n2;\"Bob;\nthe second\";2\n3;;\n");

        assertThat(outcome.path("status").asText()).isEqualTo("succeeded");
        assertThat(outcome.path("rows_written").asInt()).isEqualTo(3);
        assertThat(outcome.path("rows_rejected").asInt()).isZero();
        assertThat(outcome.at("/warnings/0/detail").asText())
                .contains("utf-8")
                .contains("delimiter ';'")
                .contains("first line: names");
        assertThat(types()).isEqualTo("[BIGINT, VARCHAR, DOUBLE]");
        assertThat(rows("id")).isEqualTo("[[1,\"Ann\",1.5],[2,\"Bob;\\nthe second\",2.0],[3,null,null]]");
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }

    @Test
    void keepsLinesThatDoNotFitWithTheirNumbers() {
        JsonNode outcome = uploaded("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n");

        assertThat(outcome.path("status").asText()).isEqualTo("succeeded");
        assertThat(outcome.path("rows_read").asInt()).isEqualTo(4);
        assertThat(outcome.path("rows_written").asInt()).isEqualTo(2);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(2);
        assertThat(rejects()).isEqualTo("[[3,\"missing columns\",\"4,5\"],[4,\"too many columns\",\"6,7,8,9\"]]");

        uploaded("a,b,c\n1,2,3\n");
        assertThat(rejects())
                .as("the rejected lines of a file that was replaced")
                .isEqualTo("[]");
    }

    @Test
    void addsRowsAndColumnsAndTheSameFileTwiceIsThereTwice() {
        uploaded("id,name\n1,Ann\n");
        JsonNode outcome = uploaded("id,name,age\n2,Bob,30\n", "mode", "append");
        assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("succeeded");
        uploaded("id,name,age\n2,Bob,30\n", "mode", "append");

        assertThat(rows("id")).isEqualTo("[[1,\"Ann\",null],[2,\"Bob\",30],[2,\"Bob\",30]]");
    }

    @Test
    void appendsNothingWhereAColumnsValuesAreOfAnotherType() {
        uploaded("id,name\n1,Ann\n");
        JsonNode outcome = uploaded("id,name\nx,Bob\n", "mode", "append");

        assertThat(outcome.path("status").asText()).isEqualTo("failed");
        assertThat(outcome.at("/error/code").asText()).isEqualTo("schema_changed");
        assertThat(rows("id")).isEqualTo("[[1,\"Ann\"]]");
    }

    @Test
    void losesNoRowWhoseTypeChangesAfterTheFirstOnes() {
        String numbers = IntStream.range(0, 30_000).mapToObj(i -> i + ",1\n").collect(Collectors.joining());
        JsonNode outcome = uploaded("id,n\n" + numbers + "x,007\n");

        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(30_001);
        assertThat(types()).isEqualTo("[VARCHAR, VARCHAR]");
        assertThat(query("SELECT * FROM " + name + " WHERE id = 'x'")
                        .path("rows")
                        .toString())
                .isEqualTo("[[\"x\",\"007\"]]");
    }

    @Test
    void changesNoValueByTakingItForAnother() {
        uploaded(
                "zip,d1,d2,d3,comma,plus,big\n01067,2024-02-29,03/04/2025,25.12.2024,\"1,5\",+5,12345678901234567890\n");

        assertThat(types()).isEqualTo("[VARCHAR, DATE, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR]");
        assertThat(rows("1"))
                .isEqualTo("[[\"01067\",\"2024-02-29\",\"03/04/2025\",\"25.12.2024\",\"1,5\",\"+5\","
                        + "\"12345678901234567890\"]]");
    }

    @Test
    void findsEncodings() {
        for (var one : Map.of("UTF-16LE", "utf-16le", "UTF-16", "utf-16", "UTF-8", "utf-8", "ISO-8859-1", "latin-1")
                .entrySet()) {
            JsonNode outcome = uploaded("größe,name\n1,Jörg\n2,Åsa\n".getBytes(Charset.forName(one.getKey())));
            assertThat(outcome.at("/warnings/0/detail").asText()).contains("encoding " + one.getValue());
            assertThat(columns()).isEqualTo("[größe, name]");
            assertThat(rows("1")).isEqualTo("[[1,\"Jörg\"],[2,\"Åsa\"]]");
        }
        uploaded("\uFEFFid,name\n1,x\n");
        assertThat(columns()).isEqualTo("[id, name]");
        uploaded("id,price\n1,5 €\n".getBytes(Charset.forName("windows-1252")));
        assertThat(rows("1")).isEqualTo("[[1,\"5 €\"]]");
    }

    @Test
    void takesFilesThatAreUnusual() {
        assertThat(uploaded("name\nAnn\nBob\n").path("rows_written").asInt()).isEqualTo(2);
        assertThat(uploaded("a,b\n").path("rows_written").asInt()).isZero();
        assertThat(columns()).isEqualTo("[a, b]");
        assertThat(uploaded("a,a,,b\n1,2,3,4\n").path("rows_written").asInt()).isEqualTo(1);
        assertThat(query("SELECT * FROM " + name).path("columns")).hasSize(4);
        uploaded("a,b\n1," + "x".repeat(5_000_000) + "\n2,y\n");
        assertThat(query("SELECT sum(length(b)) FROM " + name).at("/rows/0/0").asText())
                .isEqualTo("5000001");
        uploaded("a,b\n1,x\0y\n");
        assertThat(query("SELECT length(b) FROM " + name).at("/rows/0/0").asInt())
                .isEqualTo(3);
        uploaded("名前,größe\n1,2\n");
        assertThat(columns()).isEqualTo("[名前, größe]");
    }

    @Test
    void losesNoLineWhereLineEndsAreMixed() {
        JsonNode outcome = uploaded("a,b\r\n1,2\n3,4\r\n5,6\n");
        assertThat(outcome.path("rows_written").asInt()
                        + outcome.path("rows_rejected").asInt())
                .as(outcome.toString())
                .isEqualTo(3);
    }

    @Test
    void takesTenThousandColumns() {
        String header = IntStream.range(0, 10_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String values = IntStream.range(0, 10_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        JsonNode outcome = uploaded(header + "\n" + values + "\n");
        assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("succeeded");
        assertThat(query("SELECT c9999 FROM " + name).at("/rows/0/0").asText()).isEqualTo("9999");
    }

    @Test
    void saysThatAnEmptyFileHasNothing() {
        JsonNode outcome = uploaded("");
        assertThat(outcome.path("status").asText()).isEqualTo("failed");
        assertThat(outcome.at("/error/code").asText()).isEqualTo("no_columns");
    }

    @Test
    void unpacksArchivesAndRefusesBombs() throws Exception {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(uploaded(gzip.toByteArray()).path("rows_written").asInt()).isEqualTo(1);
        assertThat(uploaded(zip("x.csv")).path("rows_written").asInt()).isEqualTo(1);
        assertThat(upload(zip("x.csv", "y.csv")).problem(422).path("detail").asText())
                .contains("x.csv, y.csv");
        assertThat(uploaded(zip("x.csv", "y.csv"), "entry", "y.csv")
                        .path("rows_written")
                        .asInt())
                .isEqualTo(1);
        assertThat(upload(zip("[Content_Types].xml")).problem(422).path("code").asText())
                .isEqualTo("unsupported_file");
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 100; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        assertThat(upload(bomb.toByteArray()).problem(422).path("code").asText())
                .isEqualTo("archive_refused");
        assertThat(filesLeft()).isZero();
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (String one : names) {
                out.putNextEntry(new ZipEntry(one));
                out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ÐÏ\u0011à¡±\u001aá", "{\"a\":1}\n", "PAR1xxxx", "%PDF-1.7"})
    void refusesOtherKindsOfFilesByTheirContent(String content) throws IOException {
        assertThat(upload(content.getBytes(StandardCharsets.ISO_8859_1))
                        .problem(422)
                        .path("code")
                        .asText())
                .isEqualTo("unsupported_file");
        assertThat(filesLeft()).isZero();
    }

    @Test
    void believesWhatTheFormAndThenTheConfigSays() {
        String other = connector(Map.of("delimiter", ";", "header", false));
        byte[] file = "a;b\n1;2\n".getBytes(StandardCharsets.UTF_8);
        Map<String, String> header = Map.of("header", "true");
        String type = "multipart/form-data; boundary=" + BOUNDARY;
        String path = "/api/connectors/" + other + "/upload/preview";
        assertThat(ADMIN.post(path, form(file, Map.of()), "Content-Type", type)
                        .expect(200)
                        .path("rows"))
                .hasSize(2);
        JsonNode preview =
                ADMIN.post(path, form(file, header), "Content-Type", type).expect(200);
        assertThat(preview.path("columns").findValuesAsText("type")).containsExactly("BIGINT", "BIGINT");
        assertThat(preview.path("rows").toString()).isEqualTo("[[\"1\",\"2\"]]");
    }

    @Test
    void showsWhatIsInAFileAndKeepsNothing() throws IOException {
        JsonNode preview = send(
                        ADMIN, "/upload/preview", "id\tname\n1\tAnn\n".getBytes(StandardCharsets.UTF_8), Map.of())
                .expect(200);
        assertThat(preview.path("delimiter").asText()).isEqualTo("\t");
        assertThat(preview.path("encoding").asText()).isEqualTo("utf-8");
        assertThat(preview.path("header").asBoolean()).isTrue();
        assertThat(preview.path("rows").toString()).isEqualTo("[[\"1\",\"Ann\"]]");
        assertThat(filesLeft()).isZero();
        assertThat(ADMIN.get("/api/connectors/" + connector + "/runs")
                        .expect(200)
                        .path("items"))
                .isEmpty();
    }

    @Test
    void refusesWhatIsTooLargeAndWhoMayNot() throws IOException {
        byte[] small = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        Map<String, String> fields = Map.of("dataset", name);
        assertThat(send(SERAI.as("viewer", "uploads"), "/upload", small, fields).status())
                .isEqualTo(403);
        assertThat(send(SERAI.as("member", "elsewhere"), "/upload", small, fields)
                        .status())
                .isEqualTo(404);
        assertThat(send(SERAI.as("member", "uploads"), "/upload", small, fields).status())
                .isEqualTo(202);
        assertThat(upload(new byte[42 << 20]).problem(413).path("code").asText())
                .isEqualTo("too_large");
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }

    @Test
    void tellsAllFaultsOfTheForm() {
        JsonNode problem = upload(
                        "a,b\n".getBytes(StandardCharsets.UTF_8), "dataset", "1; drop", "mode", "merge", "quote", "''")
                .problem(422);
        assertThat(problem.path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/dataset", "/mode", "/quote");
        assertThat(upload("a".getBytes(StandardCharsets.UTF_8), "what", "x")
                        .problem(422)
                        .toString())
                .contains("/what");
        assertThat(ADMIN.post(
                                "/api/connectors/" + connector + "/upload",
                                "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na,b",
                                "Content-Type",
                                "multipart/form-data; boundary=x")
                        .problem(400)
                        .path("code")
                        .asText())
                .isEqualTo("bad_form");
    }

    @Test
    void isNotSynced() {
        JsonNode begun = upload("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)).expect(202);
        for (String path : List.of(
                "/api/connectors/" + connector + "/sync",
                "/api/datasets/" + begun.path("dataset_id").asText() + "/sync")) {
            assertThat(ADMIN.post(path, null).problem(409).path("code").asText())
                    .isEqualTo("not_syncable");
        }
    }

    @Test
    void letsOneOfTwoUploadsGoFirst() throws Exception {
        String many = "id,v\n"
                + IntStream.range(0, 400_000)
                        .mapToObj(i -> i + ",value " + i + "\n")
                        .collect(Collectors.joining());
        byte[] file = many.getBytes(StandardCharsets.UTF_8);
        var replies = new ArrayList<Reply>();
        var threads = Stream.generate(() -> new Thread(() -> {
                    Reply reply = upload(file);
                    synchronized (replies) {
                        replies.add(reply);
                    }
                }))
                .limit(2)
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isIn(202, 409));
        assertThat(replies).anyMatch(reply -> reply.status() == 202);
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        query("SELECT count(*) FROM " + name).at("/rows/0/0").asInt())
                .isEqualTo(400_000));
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }

    @Test
    void keepsTheOldRowsWhenItIsCancelled() throws Exception {
        uploaded("id,v\n1,old\n");
        String many = "id,v\n"
                + IntStream.range(0, 1_500_000)
                        .mapToObj(i -> i + ",value " + i + "\n")
                        .collect(Collectors.joining());
        String run = upload(many.getBytes(StandardCharsets.UTF_8))
                .expect(202)
                .path("run_id")
                .asText();
        ADMIN.post("/api/runs/" + run + "/cancel", null).expect(200);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !ADMIN.get("/api/runs/" + run)
                .expect(200)
                .path("ended_at")
                .isNull());
        assertThat(ADMIN.get("/api/runs/" + run).expect(200).path("status").asText())
                .isEqualTo("cancelled");
        assertThat(rows("id")).isEqualTo("[[1,\"old\"]]");
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }
}
