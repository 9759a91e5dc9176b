package dev.serai.sync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Readers over HTTP, by SQL and row by row, while one sync follows the other: each sees one version whole. */
class ReadersDuringSyncsTest {
    private static final int ROWS = 5_000;
    private static final int SYNCS = 12;

    private final HttpCaller admin = RunningSerai.shared().as("admin", "readers-during-syncs");
    private final Postgres.Database database = Postgres.database();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final ConcurrentSkipListSet<Long> seen = new ConcurrentSkipListSet<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void everyReaderAlwaysSeesOneVersionWhole() throws InterruptedException {
        database.execute("create table t as select n, 0::bigint as mark from generate_series(1, " + ROWS + ") n");
        String connector = admin.post(
                        "/api/connectors", Map.of("name", "Marked", "type", "postgresql", "config", database.config()))
                .expect(201)
                .path("id")
                .asText();
        String dataset = admin.post(
                        "/api/datasets", Map.of("connector_id", connector, "model", "public.t", "name", "marked"))
                .expect(201)
                .path("id")
                .asText();
        sync(connector);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        readers.execute(() -> read(this::bySql));
        readers.execute(() -> read(() -> byPage(dataset)));
        try {
            for (int mark = 1; mark <= SYNCS; mark++) {
                // Changed in place and all anew in turns, so that the order of the rows changes too.
                database.execute(
                        mark % 2 == 0
                                ? "update t set mark = " + mark
                                : "begin; delete from t; insert into t select n, " + mark + " from generate_series(1, "
                                        + ROWS + ") n; commit");
                sync(connector);
            }
        } finally {
            over.set(true);
            readers.shutdown();
        }
        assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(wrong).isEmpty();
        assertThat(seen).hasSizeGreaterThan(SYNCS / 2);
    }

    private void sync(String connector) {
        String run = admin.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        JsonNode ended = await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> admin.get("/api/runs/" + run).expect(200), told -> told.hasNonNull("ended_at"));
        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
    }

    private void read(Runnable reading) {
        long newest = 0;
        while (!over.get() && wrong.isEmpty()) {
            try {
                reading.run();
            } catch (RuntimeException | AssertionError e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
            // No reader is set back to an earlier version.
            if (!seen.isEmpty() && seen.last() < newest) {
                wrong.add("back to " + seen.last());
            }
            newest = seen.isEmpty() ? 0 : seen.last();
        }
    }

    private void bySql() {
        JsonNode row = admin.post(
                        "/api/query",
                        Map.of("sql", "select min(mark), max(mark), count(*), count(distinct n) from marked"))
                .expect(200)
                .at("/rows/0");
        note(
                row.path(0).asLong() == row.path(1).asLong(),
                row.path(0).asLong(),
                row.path(2).asLong(),
                row);
        note(true, row.path(1).asLong(), row.path(3).asLong(), row);
    }

    private void byPage(String dataset) {
        TreeSet<Long> marks = new TreeSet<>();
        TreeSet<Long> numbers = new TreeSet<>();
        long rows = 0;
        String cursor = "";
        do {
            JsonNode page = admin.get("/api/datasets/" + dataset + "/rows?limit=1000" + cursor)
                    .expect(200);
            for (JsonNode row : page.path("rows")) {
                numbers.add(row.path(0).asLong());
                marks.add(row.path(1).asLong());
                rows++;
            }
            String next = page.path("next_cursor").asText("");
            cursor = next.isEmpty() || next.equals("null") ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        note(marks.size() == 1 && numbers.size() == ROWS, marks.isEmpty() ? -1 : marks.first(), rows, marks);
    }

    private void note(boolean whole, long mark, long rows, Object what) {
        if (!whole || rows != ROWS) {
            wrong.add(rows + " rows of " + what);
        }
        seen.add(mark);
    }
}
