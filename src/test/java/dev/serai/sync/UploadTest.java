package dev.serai.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/** Files of separated values on their way into datasets, over HTTP. */
class UploadTest extends UploadWorld {
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
        JsonNode outcome = uploaded("a,b,c\n1,2,3\n4,5\n\"6\n6\",7,8,9\n\n10,11,12\n13\n");

        assertThat(outcome.path("status").asText()).isEqualTo("succeeded");
        assertThat(outcome.path("rows_read").asInt()).isEqualTo(5);
        assertThat(outcome.path("rows_written").asInt()).isEqualTo(2);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(3);
        assertThat(rejects())
                .isEqualTo("[[3,\"missing columns\",\"4,5\"],"
                        + "[4,\"too many columns\",\"\\\"6\\n6\\\",7,8,9\"],[8,\"missing columns\",\"13\"]]");

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
    void keepsAppendedLinesWhoseValuesAreNotOfTheDatasetsTypesAside() {
        uploaded("id,day,name\n1,2024-01-01,Ann\n");
        JsonNode outcome = uploaded(
                "id,day,name,more\n2,2024-01-02,\"Bob\nthe second\",1\nx,2024-01-03,\"Cid \"\"C\"\"\",2\n\n"
                        + "4,soon,Dan,3\n5,2024-01-05,Eve\n007,2024-01-06,\"F, G\",4\n6,,Fay,x\n",
                "mode",
                "append");

        assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("succeeded");
        assertThat(outcome.path("rows_read").asInt()).isEqualTo(6);
        assertThat(outcome.path("rows_written").asInt()).isEqualTo(2);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(4);
        assertThat(rows("id"))
                .isEqualTo("[[1,\"2024-01-01\",\"Ann\",null],[2,\"2024-01-02\",\"Bob\\nthe second\",\"1\"],"
                        + "[6,null,\"Fay\",\"x\"]]");
        assertThat(rejects())
                .isEqualTo("[[4,\"not a BIGINT\",\"x,2024-01-03,\\\"Cid \\\"\\\"C\\\"\\\"\\\",2\"],"
                        + "[6,\"not a DATE\",\"4,soon,Dan,3\"],[7,\"missing columns\",\"5,2024-01-05,Eve\"],"
                        + "[8,\"not a BIGINT\",\"007,2024-01-06,\\\"F, G\\\",4\"]]");
    }

    @Test
    void appendsWhatTheDatasetsTypesCanHold() {
        uploaded("n,t,at,code\n1.5,x,2024-01-01 10:00:00,007\n");
        JsonNode outcome = uploaded("n,t,at,code\n2,3,2024-01-02,8\n", "mode", "append");

        assertThat(outcome.path("rows_rejected").asInt()).as(outcome.toString()).isZero();
        assertThat(types()).isEqualTo("[DOUBLE, VARCHAR, TIMESTAMP, VARCHAR]");
        assertThat(rows("n"))
                .isEqualTo("[[1.5,\"x\",\"2024-01-01T10:00:00\",\"007\"],[2.0,\"3\",\"2024-01-02T00:00:00\",\"8\"]]");
    }

    @Test
    void takesTimesHoweverManyZerosTheyEndWith() {
        uploaded("at\n2024-01-01T10:00:00.000\n2024-01-01T10:00:00.250\n2024-01-01 10:00:01.5\n");
        assertThat(types()).isEqualTo("[TIMESTAMP]");
        uploaded("at\n2024-01-01T10:00:00.123456789\n");
        assertThat(rows("1")).isEqualTo("[[\"2024-01-01T10:00:00.123456789\"]]");
    }

    @Test
    void writesNowhereElseWhateverTheNamesInAnArchive() throws Exception {
        byte[] slip = zip("../../../escaped.csv");
        assertThat(uploaded(slip).path("rows_written").asInt()).isEqualTo(1);
        try (Stream<Path> all = Files.walk(SERAI.folder())) {
            assertThat(all).noneMatch(file -> file.toString().contains("escaped"));
        }
        assertThat(upload(packed(zip("x.csv"))).problem(422).path("detail").asText())
                .contains("inside an archive");
        byte[] cut = packed("a,b\n1,2\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
        assertThat(upload(Arrays.copyOf(cut, cut.length - 12))
                        .problem(422)
                        .path("code")
                        .asText())
                .isEqualTo("archive_refused");
        assertThat(upload(Arrays.copyOf(slip, slip.length - 12))
                        .problem(422)
                        .path("code")
                        .asText())
                .isEqualTo("archive_refused");
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }

    /** Says that far more is to come, sends a part, and hangs up. */
    @Test
    void leavesNothingOfAClientThatGoesAwayMidway() throws Exception {
        try (Socket socket =
                new Socket(SERAI.address().getHost(), SERAI.address().getPort())) {
            String head = "POST /api/connectors/" + connector
                    + "/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + ADMIN.token() + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                    + "\r\nContent-Length: 20000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            byte[] body = form("a,b\n1,2\n".repeat(100_000).getBytes(StandardCharsets.UTF_8), Map.of("dataset", name));
            socket.getOutputStream().write(body, 0, body.length - 100);
            Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isEqualTo(1));
        }
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
        assertThat(ADMIN.get("/api/connectors/" + connector + "/runs")
                        .expect(200)
                        .path("items"))
                .isEmpty();
    }

    /** The answer comes while the client has not sent what it announced, so nobody can have waited for it. */
    @Test
    void answersATooLargeUploadBeforeItCame() throws Exception {
        try (Socket socket =
                new Socket(SERAI.address().getHost(), SERAI.address().getPort())) {
            socket.setSoTimeout(20_000);
            String head = "POST /api/connectors/" + connector
                    + "/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + ADMIN.token() + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                    + "\r\nContent-Length: 90000000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    /** Sends chunks without end; reading on would take all of them. */
    @Test
    void stopsReadingAnUploadThatDoesNotSayHowLargeItIs() throws Exception {
        long sent = 0;
        try (Socket socket =
                new Socket(SERAI.address().getHost(), SERAI.address().getPort())) {
            socket.setSoTimeout(20_000);
            var answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            var out = socket.getOutputStream();
            out.write(("POST /api/connectors/" + connector
                            + "/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + ADMIN.token() + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            byte[] form = form(new byte[1 << 20], Map.of("dataset", name));
            byte[] start = Arrays.copyOf(form, form.length - 100);
            byte[] more = new byte[1 << 20];
            try {
                for (byte[] piece = start; sent < 400L << 20; piece = more) {
                    out.write((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
                    out.write(piece);
                    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
                    sent += piece.length;
                }
            } catch (IOException closed) {
                assertThat(sent).isGreaterThan(39 << 20);
            }
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("HTTP/1.1 413");
        }
        assertThat(sent).isLessThan(100 << 20);
        Awaitility.await().untilAsserted(() -> assertThat(filesLeft()).isZero());
    }

    @Test
    void keepsTheOldRowsWhereNoneOfTheNewOnesFits() {
        uploaded("a,b\n1,2\n");
        String columns = "[{\"name\":\"a\",\"type\":\"BIGINT\"},{\"name\":\"b\",\"type\":\"BIGINT\"}]";
        JsonNode outcome = uploaded("a,b\nx,2\n3\n", "columns", columns, "delimiter", ",");
        assertThat(outcome.at("/error/code").asText()).as(outcome.toString()).isEqualTo("all_rejected");
        assertThat(rows("a")).isEqualTo("[[1,2]]");
        assertThat(rejects()).isEqualTo("[[2,\"not a BIGINT\",\"x,2\"],[3,\"missing columns\",\"3\"]]");
        assertThat(uploaded("a,b\ny,2\n", "mode", "append").at("/error/code").asText())
                .isEqualTo("all_rejected");
        assertThat(rows("a")).isEqualTo("[[1,2]]");
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
        assertThat(uploaded(packed("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)))
                        .path("rows_written")
                        .asInt())
                .isEqualTo(1);
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

    @ParameterizedTest
    @ValueSource(strings = {"ÐÏ\u0011à¡±\u001aá", "PAR1xxxx", "%PDF-1.7"})
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
    void takesBackWhatThePreviewShows() throws IOException {
        byte[] file = "Report\nid;price\n1;1,5\n2;NA\nx;2\n".getBytes(StandardCharsets.UTF_8);
        JsonNode preview = send(ADMIN, "/upload/preview", file, Map.of("decimal", ",", "null_text", "NA"))
                .expect(200);
        assertThat(preview.path("skip").asInt()).isEqualTo(1);
        assertThat(preview.path("columns").toString())
                .isEqualTo("[{\"name\":\"id\",\"type\":\"VARCHAR\"},{\"name\":\"price\",\"type\":\"DOUBLE\"}]");
        var fields = new ArrayList<String>();
        for (String field :
                List.of("delimiter", "quote", "escape", "header", "skip", "null_text", "decimal", "encoding")) {
            fields.addAll(List.of(field, preview.path(field).asText()));
        }
        fields.addAll(List.of("columns", preview.path("columns").toString().replaceFirst("VARCHAR", "BIGINT")));
        JsonNode outcome = uploaded(file, fields.toArray(String[]::new));
        assertThat(rows("id")).as(outcome.toString()).isEqualTo("[[1,1.5],[2,null]]");
        assertThat(rejects()).isEqualTo("[[5,\"not a BIGINT\",\"x,2\"]]");
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
        byte[] empty = new byte[0];
        assertThat(upload(
                                empty,
                                "escape",
                                "xx",
                                "skip",
                                "-1",
                                "decimal",
                                ";",
                                "header",
                                "maybe",
                                "encoding",
                                "ebcdic",
                                "delimiter",
                                ";;",
                                "columns",
                                "[{\"name\":\"a\",\"type\":\"INT\"},{\"name\":\"A\",\"type\":\"DATE\"}]")
                        .problem(422)
                        .path("errors")
                        .findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/escape",
                        "/skip",
                        "/decimal",
                        "/header",
                        "/encoding",
                        "/delimiter",
                        "/columns/0/type",
                        "/columns/1/name");
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
