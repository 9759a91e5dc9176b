package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;

/** Three processes on one PostgreSQL, of which one is killed and another loses its way to the database. */
class ClusterTest {
    private static final String QUICK = "quick";
    private static final String SLOW = "slow";
    private static final int SLOW_ROWS = 80;

    private final Postgres.Database metadata = Postgres.database();
    private final Postgres.Database source = Postgres.database();
    private final List<ClusterMember> members = new ArrayList<>();
    private final Map<String, String> connectors = new HashMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        source.execute(
                "CREATE TABLE public.quick AS SELECT n FROM generate_series(1, 100) n",
                // Twenty seconds, more than two leases.
                "CREATE VIEW public.slow AS SELECT n, pg_sleep(0.25)::text AS slept FROM generate_series(1, "
                        + SLOW_ROWS + ") n");
        for (int i = 0; i < 3; i++) {
            members.add(ClusterMember.launch(folder.resolve("member" + i), folder.resolve("lake"), metadata));
        }
        members.forEach(ClusterMember::ready);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (ClusterMember member : members) {
            member.close();
        }
    }

    @Test
    void everyFireIsDealtWithOnceAndRunsOfTheLostAreClosed() throws Exception {
        HttpCaller admin = members.get(0).admin();
        for (int i = 0; i < 4; i++) {
            schedule(admin, QUICK, i);
        }
        schedule(admin, SLOW, 0);

        String killed = running(SLOW + 0);
        ClusterMember dead = holder(killed);
        dead.kill();
        members.remove(dead);
        assertThat(closed(killed)).isEqualTo("failed interrupted");

        // The source does not know yet that the dead process is gone.
        Set<String> ofTheDead = readers();
        String cut = running(SLOW + 0);
        ClusterMember lonely = holder(cut);
        Set<String> readers = waiting(Duration.ofSeconds(10))
                .until(
                        () -> readers().stream()
                                .filter(reader -> !ofTheDead.contains(reader))
                                .collect(Collectors.toSet()),
                        found -> found.size() == 1);
        lonely.cut();
        assertThat(closed(cut)).isEqualTo("failed interrupted");
        assertThat(readers()).as("it had stopped before").doesNotContainAnyElementsOf(readers);
        lonely.mend();

        String back = synced(lonely);
        assertThat(one("select claimed_by from runs where id = ?", back)).isEqualTo(lonely.instance());
        for (ClusterMember other : List.copyOf(members)) {
            if (other != lonely) {
                other.kill();
                members.remove(other);
            }
        }
        String now = one("select max(id) from runs");
        waiting(ClusterMember.MINUTE.multipliedBy(5))
                .until(() -> list(
                                        "select id from runs where id > ? and claimed_by = ? and run_trigger = 'schedule'"
                                                + " and connector_id = ? and status = 'succeeded'",
                                        now,
                                        lonely.instance(),
                                        connectors.get(QUICK + 0))
                                .size()
                        > 1);

        HttpCaller again = lonely.admin();
        for (String connector : connectors.values()) {
            again.patch("/api/connectors/" + connector, "{\"schedule_cron\": null}")
                    .expect(200);
        }
        waiting(Duration.ofSeconds(45))
                .until(() -> one("select count(*)::text from runs where status in ('queued', 'running')")
                        .equals("0"));

        for (String connector : connectors.values()) {
            everyMinuteWasDealtWith(connector);
        }
        assertThat(list("select status || ' ' || coalesce(reason, '') from runs"
                        + " where status not in ('succeeded', 'skipped')"))
                .as("what failed are runs of those that were lost")
                .containsOnly("failed interrupted");
        theLakeHasWhatTheRunsSay(again);
    }

    /** Sees that there is one entry a minute, and none that nobody was there for. */
    private void everyMinuteWasDealtWith(String connector) {
        List<Instant> fires = list(
                        "select to_char(scheduled_for at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from runs"
                                + " where connector_id = ? and scheduled_for is not null order by scheduled_for",
                        connector)
                .stream()
                .map(Instant::parse)
                .toList();
        assertThat(fires).hasSizeGreaterThan(4);
        for (int i = 1; i < fires.size(); i++) {
            assertThat(fires.get(i)).isEqualTo(fires.get(i - 1).plusSeconds(60));
        }
        assertThat(list("select reason from runs where connector_id = ? and missed is not null", connector))
                .isEmpty();
    }

    private void theLakeHasWhatTheRunsSay(HttpCaller admin) throws Exception {
        Set<String> succeeded = new HashSet<>(list("select id from runs where status = 'succeeded'"));
        JsonNode datasets = admin.get("/api/datasets").expect(200).path("items");
        assertThat(datasets).hasSize(connectors.size());
        for (JsonNode dataset : datasets) {
            String id = dataset.path("id").asText();
            JsonNode history =
                    admin.get("/api/datasets/" + id + "/history").expect(200).path("items");
            assertThat(history).isNotEmpty();
            history.forEach(version ->
                    assertThat(succeeded).contains(version.path("run_id").asText()));
            assertThat(dataset.path("rows").asInt())
                    .isEqualTo(dataset.path("name").asText().startsWith(QUICK) ? 100 : SLOW_ROWS);
            assertThat(dataset.path("version").asLong())
                    .isEqualTo(history.get(0).path("version").asLong());
        }
        nothingIsLeft();
    }

    /** Sees that each file of rows belongs to a version, and that nothing is staged. */
    private void nothingIsLeft() throws IOException {
        StringBuilder log = new StringBuilder();
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder.resolve("lake"))) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (file.toString().endsWith(".json")) {
                log.append(Files.readString(file));
            }
        }
        assertThat(files)
                .filteredOn(file -> !file.toString().contains("_delta_log"))
                .isNotEmpty()
                .allMatch(file -> log.indexOf(file.getFileName().toString()) >= 0);
    }

    private void schedule(HttpCaller admin, String table, int number) {
        String name = table + number;
        JsonNode made = admin.post(
                        "/api/connectors/bootstrap",
                        Map.of(
                                "name",
                                name,
                                "type",
                                "postgresql",
                                "config",
                                Map.of(
                                        "host", source.host(),
                                        "port", source.port(),
                                        "database", source.name(),
                                        "username", source.username(),
                                        "password", source.password(),
                                        "sslmode", "disable"),
                                "schedule_cron",
                                "* * * * *",
                                "schedule_mode",
                                "full",
                                "datasets",
                                List.of(Map.of("model", "public." + table, "name", name))))
                .expect(201);
        connectors.put(name, made.at("/connector/id").asText());
    }

    private static ConditionFactory waiting(Duration most) {
        return Awaitility.await()
                .atMost(most)
                .pollInterval(Duration.ofMillis(100))
                .pollDelay(Duration.ZERO);
    }

    /** Waits for a run of a connector that is being worked on. */
    private String running(String name) {
        return waiting(Duration.ofSeconds(40))
                .until(
                        () -> list(
                                "select r.id from runs r join run_datasets d on d.run_id = r.id where r.connector_id = ?"
                                        + " and r.status = 'running' and d.status = 'running'",
                                connectors.get(name)),
                        found -> !found.isEmpty())
                .get(0);
    }

    private ClusterMember holder(String run) {
        String instance = one("select claimed_by from runs where id = ?", run);
        return members.stream()
                .filter(member -> member.instance().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    private String closed(String run) {
        return waiting(ClusterMember.LEASE.multipliedBy(6))
                .until(
                        () -> one(
                                "select status || ' ' || coalesce(reason, '') from runs where id = ? and ended_at is not null",
                                run),
                        ended -> !ended.isEmpty());
    }

    /** The source's processes that read the slow view. */
    private Set<String> readers() {
        return Set.copyOf(list(
                source,
                "select pid::text from pg_stat_activity where datname = current_database() and state = 'active'"
                        + " and pid <> pg_backend_pid() and query ilike '%copy%slow%'"));
    }

    /** A sync by hand that this member takes on and ends. */
    private String synced(ClusterMember member) {
        return waiting(Duration.ofSeconds(30)).ignoreExceptions().until(() -> tried(member), id -> !id.isEmpty());
    }

    private String tried(ClusterMember member) {
        HttpCaller.Reply reply = member.admin().post("/api/connectors/" + connectors.get(QUICK + 0) + "/sync", null);
        if (reply.status() != 202) {
            return "";
        }
        String run = reply.expect(202).path("run_id").asText();
        assertThat(closed(run)).isEqualTo("succeeded ");
        return run;
    }

    private String one(String sql, String... parameters) {
        List<String> found = list(sql, parameters);
        return found.isEmpty() ? "" : found.get(0);
    }

    private List<String> list(String sql, String... parameters) {
        return list(metadata, sql, parameters);
    }

    private static List<String> list(Postgres.Database database, String sql, String... parameters) {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
