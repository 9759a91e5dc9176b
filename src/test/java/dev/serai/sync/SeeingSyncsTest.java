package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.metadata.Times;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What users see of syncs while they go on and after: over HTTP, from a real PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class SeeingSyncsTest {
    private static final HttpCaller API = RunningSerai.shared().as("admin", "seeing");
    private static final Postgres.Database SOURCE = Postgres.database();
    private static final String SLOW =
            """
            CREATE FUNCTION waits(n int) RETURNS int LANGUAGE plpgsql AS $$
            BEGIN
              IF n = 18501 THEN PERFORM pg_advisory_xact_lock_shared(6); END IF;
              RETURN n;
            END $$
            """;

    @BeforeAll
    static void fill() {
        SOURCE.execute(
                SLOW,
                "CREATE TABLE known (id int PRIMARY KEY, name text)",
                "INSERT INTO known SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i",
                "ANALYZE known",
                "CREATE VIEW slow AS SELECT waits(id) AS id, name FROM known",
                "CREATE TABLE guarded AS SELECT * FROM known",
                "ANALYZE guarded",
                "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE guarded FORCE ROW LEVEL SECURITY",
                "CREATE POLICY slowly ON guarded USING (waits(id) > 0)");
    }

    private static String connector(String name) {
        Map<String, Object> config = Map.of(
                "host", SOURCE.host(),
                "port", SOURCE.port(),
                "database", SOURCE.name(),
                "username", SOURCE.username(),
                "password", SOURCE.password(),
                "sslmode", "disable");
        return API.post("/api/connectors", Map.of("name", name, "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    private static void dataset(String connector, String model, String name) {
        API.post("/api/datasets", Map.of("connector_id", connector, "model", model, "name", name))
                .expect(201);
    }

    private static String start(String connector) {
        return API.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
    }

    private static JsonNode ended(String run) {
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> API.get("/api/runs/" + run).expect(200), it -> it.hasNonNull("ended_at"));
    }

    /** Starts a run whose last rows wait until it has told what is asked for; gives what it told. */
    private static JsonNode held(String connector, Predicate<JsonNode> enough) throws SQLException {
        try (Connection gate = SOURCE.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(6)");
            String run = start(connector);
            return await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> API.get("/api/runs/" + run).expect(200),
                            it -> enough.test(it.at("/datasets/0/progress")));
        }
    }

    @Test
    void tellsHowFarARunningSyncIs() throws SQLException {
        String connector = connector("Slow");
        dataset(connector, "public.slow", "slow");
        JsonNode going = held(connector, progress -> progress.path("rows").asLong() > 0);
        String run = going.path("id").asText();
        JsonNode first = going.at("/datasets/0/progress");
        assertThat(first.path("phase").asText()).isEqualTo("reading");
        assertThat(first.path("rows").asLong()).isBetween(1L, 20_000L);
        assertThat(first.path("bytes").asLong())
                .as("a row has at least its text")
                .isGreaterThanOrEqualTo(first.path("rows").asLong() * 100);
        assertThat(first.path("rows_per_second").asLong()).isPositive();
        assertThat(first.path("rows_estimated").isNull())
                .as("nobody knows how many rows a view has")
                .isTrue();
        assertThat(first.path("rows_left").isNull()).isTrue();
        assertThat(first.path("seconds_left").isNull()).isTrue();

        JsonNode done = ended(run);
        assertThat(done.path("status").asText()).isEqualTo("succeeded");
        assertThat(done.at("/datasets/0/progress").isNull()).isTrue();
        assertThat(done.at("/datasets/0/rows_read").asLong()).isEqualTo(20_000);
    }

    @Test
    void tellsWhatIsLeftWhereTheSourceHasAnEstimate() throws SQLException {
        String connector = connector("Guarded");
        dataset(connector, "public.guarded", "guarded");
        String run = held(connector, progress -> progress.path("seconds_left").asLong() > 0)
                .path("id")
                .asText();

        String events = API.get("/api/runs/" + run + "/events").text();
        List<JsonNode> told = Stream.of(events.split("\n\n"))
                .filter(event -> event.contains("event: progress"))
                .map(event -> json(event.substring(event.indexOf("data: ") + 6)))
                .filter(progress -> progress.path("phase").asText().equals("reading"))
                .toList();

        assertThat(told).isNotEmpty();
        assertThat(told).allSatisfy(progress -> {
            assertThat(progress.path("rows_estimated").asLong()).isEqualTo(20_000);
            assertThat(progress.path("rows_left").asLong())
                    .isEqualTo(20_000 - progress.path("rows").asLong());
            assertThat(progress.path("name").asText()).isEqualTo("guarded");
        });
        assertThat(told)
                .anySatisfy(progress ->
                        assertThat(progress.path("seconds_left").asLong()).isPositive());
        assertThat(ended(run).path("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void aFailingSourceIsSeenAtTheConnectorItsRunsInTheHealthViewAndInTheLog(CapturedOutput output) {
        SOURCE.execute("CREATE TABLE fickle AS SELECT 1 AS n");
        String connector = connector("Fickle");
        dataset(connector, "public.fickle", "fickle");
        API.patch("/api/connectors/" + connector, Map.of("schedule_cron", "0 0 1 1 *"))
                .expect(200);
        assertThat(health("fickle").path("stale").asBoolean()).isFalse();
        assertThat(health("fickle").path("freshness").isNull()).isTrue();
        ended(start(connector));
        assertThat(seen(connector).path("consecutive_failures").asInt()).isZero();
        Instant read = Instant.parse(health("fickle").path("freshness").asText());

        SOURCE.execute("DROP TABLE fickle");
        assertThat(ended(start(connector)).path("consecutive_failures").asInt()).isEqualTo(1);
        assertThat(ended(start(connector)).path("consecutive_failures").asInt()).isEqualTo(2);

        assertThat(output.getAll())
                .containsPattern(
                        "Sync of fickle succeeded after 0\\.\\d s: 1 of 1 datasets, 1 row read \\(\\d+ B\\), \\d+ rows?/s")
                .containsPattern("The last sync of fickle failed; the schedule tries again at \\d{4}-01-01T00:00:00Z")
                .contains("The last 2 syncs of fickle failed; the schedule")
                .doesNotContain(SOURCE.password());
        assertThat(seen(connector).path("consecutive_failures").asInt()).isEqualTo(2);
        assertThat(seen(connector).at("/last_run/consecutive_failures").asInt()).isEqualTo(2);
        JsonNode failing = health("fickle");
        assertThat(failing.path("consecutive_failures").asInt()).isEqualTo(2);
        assertThat(failing.path("last_error_code").asText()).isEqualTo("model_missing");
        assertThat(failing.path("stale").asBoolean())
                .as("a year has not gone by")
                .isFalse();
        assertThat(Instant.parse(failing.path("freshness").asText())).isEqualTo(read);
        assertThat(failing.path("next_run").asText()).endsWith("-01-01T00:00:00Z");

        age(connector);
        assertThat(API.get("/api/health/syncs?stale=true").expect(200).path("items"))
                .extracting(item -> item.path("name").asText())
                .containsExactly("fickle");
        assertThat(health("fickle").path("reason").asText()).isEqualTo("failing");
        API.patch("/api/connectors/" + connector, Map.of("schedule_cron", "0 0 2 1 *"))
                .expect(200);
        assertThat(health("fickle").path("stale").asBoolean())
                .as("by a schedule that was just given")
                .isFalse();
        age(connector);
        API.patch("/api/connectors/" + connector, Map.of("enabled", false)).expect(200);
        assertThat(health("fickle").path("stale").asBoolean()).isFalse();
        assertThat(health("fickle").path("next_run").isNull()).isTrue();
    }

    @Test
    void aSyncThatFoundNothingNewMakesADatasetFreshToo() {
        SOURCE.execute("CREATE TABLE calm AS SELECT 1 AS id, now() AS at", "ALTER TABLE calm ADD PRIMARY KEY (id)");
        String connector = connector("Calm");
        API.post(
                        "/api/datasets",
                        Map.of(
                                "connector_id", connector,
                                "model", "public.calm",
                                "name", "calm",
                                "mode", "incremental",
                                "watermark_column", "at"))
                .expect(201);
        JsonNode first = ended(start(connector));
        Instant read = Instant.parse(health("calm").path("freshness").asText());
        JsonNode second = ended(start(connector));

        assertThat(second.at("/datasets/0/mode").asText()).isEqualTo("incremental");
        assertThat(second.at("/datasets/0/version")).isEqualTo(first.at("/datasets/0/version"));
        assertThat(second.at("/datasets/0/rows_written").asLong()).isZero();
        assertThat(Instant.parse(health("calm").path("freshness").asText())).isAfter(read);
    }

    /** Makes schedule and rows years old. */
    private static void age(String connector) {
        JdbcClient metadata = RunningSerai.shared().bean(JdbcClient.class);
        Object then = Times.param(Instant.parse("2020-01-01T00:00:00Z"));
        metadata.sql("update data_connectors set schedule_since = ? where id = ?")
                .params(then, connector)
                .update();
        metadata.sql("update datasets set freshness = ? where connector_id = ?")
                .params(then, connector)
                .update();
    }

    private static JsonNode seen(String connector) {
        return API.get("/api/connectors/" + connector).expect(200);
    }

    private static JsonNode health(String name) {
        for (JsonNode item : API.get("/api/health/syncs").expect(200).path("items")) {
            if (item.path("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError("No health of " + name);
    }

    private static JsonNode json(String text) {
        try {
            return HttpCaller.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
