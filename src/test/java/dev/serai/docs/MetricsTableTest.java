package dev.serai.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.metadata.Times;
import dev.serai.sync.ScheduleTick;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The table of metrics names every metric of ours with its labels as a running Serai shows them, and no other. */
class MetricsTableTest {
    private static final Pattern ROW = Pattern.compile("^\\| (`serai_[^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");
    private static final Pattern SAMPLE = Pattern.compile("^(serai_[a-z_]+)(?:\\{([^}]*)})? ", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private final HttpCaller api = RunningSerai.shared().as("admin", "metrics");
    private final Postgres.Database source = Postgres.database();

    private String connector() {
        Map<String, Object> config = Map.of(
                "host", source.host(),
                "port", source.port(),
                "database", source.name(),
                "username", source.username(),
                "password", source.password(),
                "sslmode", "disable");
        return api.post("/api/connectors", Map.of("name", "Metered", "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
    }

    private void sync(String connector) {
        String run = api.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.get("/api/runs/" + run).expect(200), it -> it.hasNonNull("ended_at"));
    }

    /** Two hours were missed, a fire starts a run, and one finds it going on. */
    private void fires(String connector) {
        api.patch("/api/connectors/" + connector, Map.of("schedule_cron", "* * * * *"))
                .expect(200);
        Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        RunningSerai.shared()
                .bean(JdbcClient.class)
                .sql("update data_connectors set schedule_after = ?, next_fire = null where id = ?")
                .params(Times.param(minute.minus(2, ChronoUnit.HOURS)), connector)
                .update();
        RunningSerai.shared().bean(ScheduleTick.class).run();
        api.delete("/api/connectors/" + connector).expect(204);
    }

    @Test
    void namesEveryMetricWithItsLabels() throws IOException {
        source.execute("CREATE TABLE metered AS SELECT 'infinity'::timestamptz AS at FROM generate_series(1, 1000)");
        String connector = connector();
        api.post("/api/datasets", Map.of("connector_id", connector, "model", "public.metered", "name", "metered"))
                .expect(201);
        sync(connector);
        source.execute("DROP TABLE metered");
        sync(connector);
        fires(connector);

        String text = RunningSerai.shared().admin().get("/actuator/prometheus").text();

        assertThat(exposed(text)).isEqualTo(documented());
        assertThat(labels(text, "outcome")).isSubsetOf("succeeded", "failed", "cancelled", "skipped", "retried");
        assertThat(labels(text, "outcome")).contains("succeeded", "failed");
        assertThat(labels(text, "reason")).contains("missed", "overlap").isSubsetOf("missed", "overlap", "refused");
        assertThat(text)
                .contains("routeId=\"")
                .doesNotContain(connector, "Metered", "routeId=\"con_", "routeId=\"tst_");
        assertThat(value(text, "serai_sync_rows_read_total{outcome=\"succeeded\",type=\"postgresql\"}"))
                .isGreaterThanOrEqualTo(1000);
        assertThat(value(text, "serai_sync_bytes_read_total{outcome=\"succeeded\",type=\"postgresql\"}"))
                .isGreaterThanOrEqualTo(1000 * 8);
    }

    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> metrics = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/operations.md"))).results().forEach(row -> {
            String[] parts = row.group(1).split(" by ", -1);
            Set<String> labels = parts.length == 1 ? Set.of() : codes(parts[1]);
            codes(parts[0]).forEach(name -> metrics.put(name, labels));
        });
        return metrics;
    }

    private static Set<String> codes(String text) {
        Set<String> codes = new TreeSet<>();
        CODE.matcher(text).results().forEach(code -> codes.add(code.group(1)));
        return codes;
    }

    private static Map<String, Set<String>> exposed(String text) {
        Map<String, Set<String>> metrics = new TreeMap<>();
        SAMPLE.matcher(text).results().forEach(sample -> {
            String name = sample.group(1).replaceFirst("_seconds_(count|sum|max)$", "_seconds");
            Set<String> labels = new TreeSet<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
            metrics.computeIfAbsent(name, any -> new TreeSet<>()).addAll(labels);
        });
        return metrics;
    }

    private static Set<String> labels(String text, String name) {
        Set<String> values = new TreeSet<>();
        SAMPLE.matcher(text).results().filter(sample -> sample.group(2) != null).forEach(sample -> LABEL.matcher(
                        sample.group(2))
                .results()
                .filter(label -> label.group(1).equals(name))
                .forEach(label -> values.add(label.group(2))));
        return values;
    }

    private static double value(String text, String sample) {
        Matcher line = Pattern.compile("^" + Pattern.quote(sample) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(text);
        assertThat(line.find()).as(sample).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
