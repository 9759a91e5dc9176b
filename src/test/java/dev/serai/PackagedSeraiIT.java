package dev.serai;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Lineitem;
import dev.serai.testing.PackagedSerai;
import dev.serai.testing.Postgres;
import dev.serai.testing.ProcessFigures;
import dev.serai.testing.SyncOverHttp;

import static org.assertj.core.api.Assertions.assertThat;

/** The jar as it is shipped, with a heap of 256 MB: what is in it, nothing that only tests have, and its memory. */
class PackagedSeraiIT {
    private static final long MOST_MEGABYTES = 700;
    private static final long MOST_OVER_IDLE = 300;

    @TempDir
    static Path folder;

    static PackagedSerai serai;

    private final Postgres.Database database = Postgres.database();

    @BeforeAll
    static void start() {
        serai = PackagedSerai.start(folder, List.of("-Xmx256m"), Map.of("SERAI_SYNC_MEMORY", "512MB"));
    }

    @AfterAll
    static void stop() {
        serai.close();
        assertThat(serai.log()).doesNotContain(" ERROR ");
    }

    @Test
    void startsLogsInAndHasItsTypes() {
        assertThat(serai.nobody().get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(serai.admin().get("/api/connectors/catalog").text()).contains("\"type\":\"postgresql\"");
    }

    @Test
    void wideRowsAndManyRowsFitIntoASmallHeap() {
        database.execute(
                "CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 32768) AS text FROM generate_series(1, 200) n",
                "CREATE TABLE narrow AS SELECT n, n % 7 AS seven FROM generate_series(1, 1000000) n");

        JsonNode run = SyncOverHttp.from(database, serai.admin())
                .table("wide")
                .table("narrow")
                .run();

        assertThat(run.path("status").asText()).as("%s", run).isEqualTo("succeeded");
        assertThat(run.at("/datasets").findValuesAsText("rows_written")).containsExactlyInAnyOrder("200", "1000000");
        assertThat(serai.figures().peakMegabytes()).isLessThan(MOST_MEGABYTES);
    }

    @Test
    void twoBigSyncsAndAHundredSmallOnesAtOnceAllSucceed() throws IOException {
        try (Postgres server = Postgres.start(Map.of("max_connections", "400"))) {
            Postgres.Database source = server.newDatabase();
            source.execute(
                    "CREATE TABLE big AS SELECT n, md5(n::text) AS text FROM generate_series(1, 1000000) n",
                    "CREATE TABLE small AS SELECT n FROM generate_series(1, 1000) n",
                    "CREATE VIEW big1 AS TABLE big",
                    "CREATE VIEW big2 AS TABLE big");
            HttpCaller api = serai.admin();
            Map<String, SyncOverHttp> syncs = new LinkedHashMap<>();
            for (String big : List.of("big1", "big2")) {
                syncs.put(big, SyncOverHttp.from(big, source, api).table(big));
            }
            for (int i = 0; i < 100; i++) {
                String small = "small" + i;
                source.execute("CREATE VIEW " + small + " AS TABLE small");
                syncs.put(small, SyncOverHttp.from(small, source, api).table(small));
            }
            Map<String, String> runs = new LinkedHashMap<>();
            syncs.forEach((name, sync) -> runs.put(name, sync.start()));
            runs.forEach((name, run) -> {
                JsonNode ended = syncs.get(name).ended(run);
                assertThat(ended.path("status").asText()).as("%s", ended).isEqualTo("succeeded");
                assertThat(ended.at("/datasets/0/rows_written").asLong())
                        .isEqualTo(name.startsWith("big") ? 1_000_000 : 1_000);
            });
            assertThat(serai.figures().peakMegabytes()).isLessThan(MOST_MEGABYTES);
        }
    }

    @Test
    @Tag("soak")
    void sixMillionRowsOfLineitemHoldItsMemoryFlat() {
        Lineitem.create(database, 6_000_000);
        SyncOverHttp lineitem = SyncOverHttp.from(database, serai.admin()).table("lineitem");
        ProcessFigures figures = serai.figures();
        long idle = figures.megabytes();

        for (int round = 0; round < 3; round++) {
            figures.forgetPeak();
            JsonNode run = lineitem.run();

            assertThat(run.at("/datasets/0/rows_written").asLong())
                    .as("%s", run)
                    .isEqualTo(6_000_000);
            assertThat(figures.peakMegabytes()).isLessThan(MOST_MEGABYTES).isLessThan(idle + MOST_OVER_IDLE);
        }
    }
}
