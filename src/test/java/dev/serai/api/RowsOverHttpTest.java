package dev.serai.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows as they come over HTTP: in each format, page by page, of older versions, of nobody else, and never cut short. */
class RowsOverHttpTest {
    private static final String PROJECT = "rows-over-http";
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final ApiWorld WORLD = new ApiWorld(SERAI, PROJECT);
    private static final HttpCaller ELSEWHERE = SERAI.as("admin", "rows-elsewhere");
    private static final List<Long> IDS =
            IntStream.rangeClosed(1, 250).mapToObj(Long::valueOf).toList();

    private final HttpCaller viewer = WORLD.as("viewer");
    private final String rows = "/api/datasets/" + WORLD.dataset() + "/rows";

    /** Both ways to the same rows. */
    private List<Reply> inBothWays(String mediaType) {
        String sql = "SELECT id FROM " + WORLD.datasetName() + " ORDER BY id";
        return List.of(
                viewer.get(rows + "?columns=id&limit=1000", "Accept", mediaType),
                viewer.post("/api/query", Map.of("sql", sql), "Accept", mediaType));
    }

    private void typed(Reply reply, String mediaType) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("content-type")).startsWith(mediaType);
    }

    @Test
    void allRowsComeAsJson() {
        for (Reply reply : inBothWays("application/json")) {
            typed(reply, "application/json");
            JsonNode answer = reply.json();
            assertThat(answer.at("/columns/0/name").asText()).isEqualTo("id");
            assertThat(answer.at("/columns/0/type").asText()).isEqualTo("BIGINT");
            assertThat(answer.path("truncated").asBoolean(true)).isFalse();
            assertThat(ids(answer)).containsExactlyInAnyOrderElementsOf(IDS);
        }
    }

    @Test
    void allRowsComeAsNdjson() throws IOException {
        for (Reply reply : inBothWays("application/x-ndjson")) {
            typed(reply, "application/x-ndjson");
            List<Long> ids = new ArrayList<>();
            for (String line : reply.text().lines().toList()) {
                ids.add(HttpCaller.JSON.readTree(line).path("id").longValue());
            }
            assertThat(ids).containsExactlyInAnyOrderElementsOf(IDS);
        }
    }

    @Test
    void allRowsComeAsCsv() {
        for (Reply reply : inBothWays("text/csv")) {
            typed(reply, "text/csv");
            List<String> lines = reply.text().lines().toList();
            assertThat(lines.get(0)).isEqualTo("id");
            assertThat(lines.stream().skip(1).map(Long::valueOf)).containsExactlyInAnyOrderElementsOf(IDS);
        }
    }

    @Test
    void allRowsComeAsArrow() throws IOException {
        for (Reply reply : inBothWays("application/vnd.apache.arrow.stream")) {
            typed(reply, "application/vnd.apache.arrow.stream");
            List<Long> ids = new ArrayList<>();
            try (RootAllocator memory = new RootAllocator();
                    ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(reply.bytes()), memory)) {
                while (reader.loadNextBatch()) {
                    BigIntVector vector =
                            (BigIntVector) reader.getVectorSchemaRoot().getVector("id");
                    for (int row = 0; row < vector.getValueCount(); row++) {
                        ids.add(vector.get(row));
                    }
                }
            }
            assertThat(ids).containsExactlyInAnyOrderElementsOf(IDS);
        }
    }

    @Test
    void pagesHaveEachRowOnce() {
        List<Long> ids = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = viewer.get(rows + "?columns=id&limit=100" + cursor).expect(200);
            ids.addAll(ids(page));
            cursor = page.path("next_cursor").isTextual()
                    ? "&cursor=" + page.path("next_cursor").asText()
                    : "";
            pages++;
        } while (!cursor.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(ids).containsExactlyInAnyOrderElementsOf(IDS);
    }

    @Test
    void olderVersionsKeepTheirRows() {
        WORLD.execute(
                "CREATE TABLE colours (id bigint PRIMARY KEY, name text)", "INSERT INTO colours VALUES (1, 'red')");
        String connector = WORLD.newConnector();
        String path = "/api/datasets/"
                + WORLD.newDataset(
                        connector,
                        Map.of("model", "public.colours", "name", ApiWorld.unique("colours"), "mode", "full"));
        WORLD.sync(connector);
        String first = WORLD.admin().get(path).expect(200).path("version").asText();
        WORLD.execute("UPDATE colours SET name = 'blue'");
        WORLD.sync(connector);
        assertThat(first).isEqualTo("0");
        assertThat(viewer.get(path + "/rows").expect(200).at("/rows/0/1").asText())
                .isEqualTo("blue");
        assertThat(viewer.get(path + "/rows?version=0")
                        .expect(200)
                        .at("/rows/0/1")
                        .asText())
                .isEqualTo("red");
        viewer.get(path + "/rows?version=999").problem(404);
    }

    @Test
    void whatBelongsToAnotherProjectIsToldAsWhatDoesNotExist() {
        String name = WORLD.datasetName();
        assertThat(told(ELSEWHERE.post("/api/query", Map.of("sql", "SELECT * FROM " + name)), name, 400))
                .isEqualTo(told(ELSEWHERE.post("/api/query", Map.of("sql", "SELECT * FROM nobodys")), "nobodys", 400));
        assertThat(dataset(WORLD.connector())).isEqualTo(dataset("con_nobodys"));
        Map<String, Object> unreachable =
                Map.of("host", "db.example", "database", "d", "username", "u", "password", "p");
        String own = ELSEWHERE
                .post(
                        "/api/connectors",
                        Map.of("name", ApiWorld.unique("Own "), "type", "postgresql", "config", unreachable))
                .expect(201)
                .path("id")
                .asText();
        assertThat(sync(own, WORLD.dataset())).isEqualTo(sync(own, "dat_nobodys"));
        assertThat(ELSEWHERE.get("/api/runs").expect(200).path("items")).isEmpty();
    }

    private static String told(Reply reply, String name, int status) {
        return reply.problem(status).toString().replace(name, "NAME").replaceAll("\"position\":\\d+", "");
    }

    /** Where a connector is looked for by an id of another project. */
    private static String dataset(String connector) {
        Reply reply = ELSEWHERE.post("/api/datasets", Map.of("connector_id", connector, "model", "public.items"));
        assertThat(reply.status()).as(reply.text()).isIn(404, 422);
        return told(reply, connector, reply.status());
    }

    private static String sync(String connector, String dataset) {
        Reply reply = ELSEWHERE.post("/api/connectors/" + connector + "/sync", Map.of("datasets", List.of(dataset)));
        assertThat(reply.status()).as(reply.text()).isIn(404, 422);
        return told(reply, dataset, reply.status());
    }

    @Test
    void anAnswerThatBreaksOffHasNoEnd() throws IOException {
        String sound = raw("SELECT i FROM range(300000) t(i)", 300_000);
        assertThat(sound)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("chunked")
                .contains("\r\nTrailer: Truncated\r\n")
                .endsWith("0\r\nTruncated: false\r\n\r\n");
        assertThat(raw("SELECT i FROM range(300000) t(i)", 299_999)).endsWith("0\r\nTruncated: true\r\n\r\n");
        String broken = raw(
                "SELECT CAST(CASE WHEN i = 3000000 THEN 'x' ELSE '1' END AS INTEGER) AS n FROM range(4000000) t(i)",
                4_000_000);
        assertThat(broken).startsWith("HTTP/1.1 200").contains("{\"n\":1}");
        assertThat(broken).doesNotEndWith("\r\n\r\n").doesNotContain("Truncated: ");
    }

    @Test
    void aClientOfHttpOneZeroGetsItsRowsWithoutATrailer() throws IOException {
        String answer = raw("SELECT 42 AS n", 1, "HTTP/1.0");
        assertThat(answer).contains(" 200").endsWith("{\"n\":42}\n").doesNotContain("Trailer");
    }

    private static String raw(String sql, int limit) throws IOException {
        return raw(sql, limit, "HTTP/1.1");
    }

    private static String raw(String sql, int limit, String protocol) throws IOException {
        byte[] body = HttpCaller.JSON.writeValueAsBytes(Map.of("sql", sql, "limit", limit));
        String head = String.join(
                "\r\n",
                "POST /api/query " + protocol,
                "Host: localhost",
                "Authorization: Bearer " + SERAI.token("viewer", PROJECT),
                "Content-Type: application/json",
                "Accept: application/x-ndjson",
                "Connection: close",
                "Content-Length: " + body.length,
                "",
                "");
        try (Socket socket = new Socket("localhost", SERAI.address().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void aSourceThatTakesTooLongIsATimeout() {
        Map<String, Object> config = new HashMap<>(WORLD.config());
        config.put("read_timeout", 1);
        String impatient = WORLD.admin()
                .post(
                        "/api/connectors",
                        Map.of("name", ApiWorld.unique("Impatient "), "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        Reply reply = WORLD.as("member")
                .post("/api/connectors/" + impatient + "/query", Map.of("sql", "SELECT pg_sleep(30)::text AS slept"));
        JsonNode problem = reply.problem(504);
        assertThat(problem.path("retryable").asBoolean()).isTrue();
        assertThat(problem.toString()).doesNotContain("pg_sleep", "Exception");
    }

    private static List<Long> ids(JsonNode answer) {
        List<Long> ids = new ArrayList<>();
        answer.path("rows").forEach(row -> ids.add(row.get(0).longValue()));
        return ids;
    }
}
