package dev.serai.api;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Answers that are sent while they are computed. */
class StreamsTest {
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final ApiWorld WORLD = new ApiWorld(SERAI, "streams");

    private final HttpCaller viewer = WORLD.as("viewer");

    private static Map<String, Object> sql(String sql, long limit) {
        return Map.of("sql", sql, "limit", limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/x-ndjson", "text/csv", "application/vnd.apache.arrow.stream"})
    void aFailureMidwayBreaksTheAnswerOff(String format) throws IOException {
        String failing =
                "SELECT CAST(CASE WHEN i = 3000000 THEN 'x' ELSE '1' END AS INTEGER) AS n FROM range(4000000) t(i)";
        HttpResponse<InputStream> answer =
                viewer.stream("POST", "/api/query", sql(failing, 10_000_000), "Accept", format);
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThatThrownBy(() -> body.transferTo(java.io.OutputStream.nullOutputStream()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFailureBeforeTheFirstRowIsAProblem() {
        JsonNode problem = viewer.post("/api/query", sql("SELECT CAST('x' AS INTEGER) AS n", 10))
                .problem(422);
        assertThat(problem.path("code").asText()).isEqualTo("query_failed");
    }

    @Test
    void theFirstRowsComeLongBeforeTheLastAndHangingUpStopsTheRest() throws IOException {
        // More than can run at the same time.
        for (int i = 0; i < 10; i++) {
            HttpResponse<InputStream> answer = viewer.stream(
                    "POST",
                    "/api/query",
                    sql("SELECT i, md5(i::VARCHAR) AS h FROM range(100000000) t(i)", 100_000_000),
                    "Accept",
                    "application/x-ndjson");
            assertThat(answer.statusCode()).isEqualTo(200);
            try (InputStream body = answer.body()) {
                String first = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).readLine();
                assertThat(HttpCaller.JSON.readTree(first).path("i").asLong()).isZero();
            }
        }
    }

    @Test
    void rowsComeInTheFormatThatTheClientAccepts() throws IOException {
        String path = "/api/datasets/" + WORLD.dataset() + "/rows?limit=2&columns=id,name";
        assertThat(viewer.get(path, "Accept", "text/csv").text())
                .startsWith("id,name")
                .contains("1,item 1");
        String[] lines =
                viewer.get(path, "Accept", "application/x-ndjson").text().split("\n");
        assertThat(lines).hasSize(2);
        assertThat(HttpCaller.JSON.readTree(lines[1]).path("name").asText()).isEqualTo("item 2");
        Reply arrow = viewer.get(path, "Accept", "application/vnd.apache.arrow.stream");
        try (RootAllocator memory = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(arrow.bytes()), memory)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(2);
        }
        Reply json = viewer.get(path);
        assertThat(json.expect(200).path("rows").get(0).get(1).asText()).isEqualTo("item 1");
        assertThat(json.header("vary")).contains("Accept");
        viewer.get(path, "Accept", "application/xml").problem(406);
    }

    @Test
    void rowsPageToTheLastInEveryFormat() {
        String path = "/api/datasets/" + WORLD.dataset() + "/rows?limit=100";
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            Reply page = viewer.get(path + cursor, "Accept", "application/x-ndjson");
            page.text().lines().forEach(ids::add);
            cursor = page.header("next-cursor").isEmpty() ? "" : "&cursor=" + page.header("next-cursor");
        } while (!cursor.isEmpty());
        assertThat(ids).hasSize(250).doesNotHaveDuplicates();
    }

    @Test
    void oneCallerHasEightEventStreamsAtATime() throws IOException {
        String slow = WORLD.newConnector();
        WORLD.newDataset(
                slow, Map.of("query", "SELECT 1 AS id, pg_sleep(60)::text AS slept", "name", ApiWorld.unique("slow")));
        HttpCaller caller = SERAI.bearing(SERAI.token("member", "streams"));
        String run = caller.post("/api/connectors/" + slow + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        String path = "/api/runs/" + run + "/events";
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            HttpResponse<InputStream> stream = caller.stream("GET", path, null);
            assertThat(stream.statusCode()).isEqualTo(200);
            open.add(stream.body());
        }

        Reply ninth = caller.get(path);

        assertThat(ninth.problem(429).path("code").asText()).isEqualTo("too_many_streams");
        assertThat(Integer.parseInt(ninth.header("retry-after"))).isPositive();
        caller.post("/api/runs/" + run + "/cancel", null).expect(200);
        for (InputStream stream : open) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("event: run.finished");
        }
        assertThat(caller.get(path).text()).contains("event: run.finished");
    }

    @Test
    void eventsOfARunComeWhileItGoesOn() throws IOException {
        String slow = WORLD.newConnector();
        WORLD.newDataset(
                slow, Map.of("query", "SELECT 1 AS id, pg_sleep(2)::text AS slept", "name", ApiWorld.unique("slow")));
        String run = WORLD.admin()
                .post("/api/connectors/" + slow + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        HttpResponse<InputStream> events =
                WORLD.as("member").stream("GET", "/api/runs/" + run + "/events", null, "Accept", "text/event-stream");
        assertThat(events.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        List<String> types = new ArrayList<>();
        String lastId = "";
        String statusAtFirstEvent = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    types.add(line.substring(7));
                    if (types.size() == 1) {
                        statusAtFirstEvent = WORLD.admin()
                                .get("/api/runs/" + run)
                                .expect(200)
                                .path("status")
                                .asText();
                    }
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    assertThat(HttpCaller.JSON.readTree(line.substring(6)).isObject())
                            .isTrue();
                }
            }
        }
        assertThat(statusAtFirstEvent).isIn("queued", "running");
        assertThat(types).startsWith("run.started").endsWith("run.finished");
        String again = WORLD.as("member")
                .get("/api/runs/" + run + "/events", "Last-Event-ID", String.valueOf(Long.parseLong(lastId) - 1))
                .text();
        assertThat(again).contains("event: run.finished").doesNotContain("run.started");
    }
}
