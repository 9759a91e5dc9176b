package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorFixture;
import dev.serai.connector.Connectors;
import dev.serai.dataset.DatasetStage;
import dev.serai.metadata.Json;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.SettableClock;

import static org.assertj.core.api.Assertions.assertThat;

/** Schedules that people change, and that Serai comes back to: no fire gets lost silently, and none is made up for. */
class ChangedSchedulesTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-23T09:00:00Z"));
    private final List<String> synced = new CopyOnWriteArrayList<>();
    private final List<SyncStage> stages = new ArrayList<>();

    /** A process with the connectors that it lets people change by the test's clock. */
    private final class World {
        final SyncStage stage;
        final Connectors connectors;

        World(MetadataStore metadata) {
            stage = new SyncStage(metadata, sync -> {
                synced.add(sync.dataset().id());
                return SyncStage.tenRows(sync);
            });
            stages.add(stage);
            connectors = ConnectorFixture.connectors(metadata.dataSource(), DatasetStage.catalog(), clock);
        }

        Connector shelf() {
            Connector shelf = stage.stage.shelf();
            stage.stage.dataset(shelf, "public.books");
            return shelf;
        }

        void patch(String time, Connector connector, String patch) {
            clock.at(time);
            connectors.patch(stage.project, connector.id(), Json.object(patch.replace('\'', '"')));
        }

        void tick(String time) {
            clock.at(time);
            stage.tick(clock).run();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> stage.stage
                                    .jdbc
                                    .sql(
                                            "select count(*) from runs where project = ? and status in ('queued', 'running')")
                                    .param(stage.project)
                                    .query(Long.class)
                                    .single()
                            == 0);
        }

        List<String> told(Connector connector) {
            return stage.syncs.list(stage.project, connector.id(), 100, null).items().stream()
                    .sorted(Comparator.comparing(Run::id))
                    .map(run -> run.scheduledFor().toString().substring(8, 16).replace('T', ' ') + " " + run.status()
                            + (run.missed() == null ? "" : " missed " + run.missed()))
                    .toList();
        }
    }

    @AfterEach
    void close() {
        stages.forEach(SyncStage::closeWithSchedules);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsSetJustBeforeTheMinuteFiresAtIt(MetadataStore metadata) {
        World world = new World(metadata);
        Connector shelf = world.shelf();
        world.patch("09:59:59.999999", shelf, "{'schedule_cron':'0 * * * *','schedule_mode':'full'}");
        world.tick("10:00:00.050");
        world.tick("10:01:00.050");
        assertThat(world.told(shelf)).containsExactly("23 10:00 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsSetWithinTheMinuteFiresAtTheNext(MetadataStore metadata) {
        World world = new World(metadata);
        Connector atOnce = world.shelf();
        Connector later = world.shelf();
        world.patch("10:00:00", atOnce, "{'schedule_cron':'* * * * *','schedule_mode':'full'}");
        world.patch("10:00:00.010", later, "{'schedule_cron':'* * * * *','schedule_mode':'full'}");
        world.tick("10:00:00.050");
        assertThat(world.told(atOnce)).isEmpty();
        assertThat(world.told(later)).isEmpty();
        world.tick("10:01:00");
        assertThat(world.told(atOnce)).containsExactly("23 10:01 succeeded");
        assertThat(world.told(later)).containsExactly("23 10:01 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void aChangedOneFiresAtItsNewTimesOnly(MetadataStore metadata) {
        World world = new World(metadata);
        Connector shelf = world.shelf();
        world.patch("09:10:00", shelf, "{'schedule_cron':'0 * * * *','schedule_mode':'full'}");
        world.tick("10:00:00");
        world.tick("10:59:00");
        world.patch("10:59:30", shelf, "{'schedule_cron':'5,59 * * * *'}");
        world.tick("11:00:00");
        world.tick("11:05:00");
        // India is half an hour off: its minutes 59 and 5 are 29 and 35 in UTC.
        world.patch("11:20:00", shelf, "{'schedule_timezone':'Asia/Kolkata'}");
        world.tick("11:29:00");
        world.tick("11:35:00");
        world.tick("11:59:00");
        assertThat(world.told(shelf))
                .containsExactly(
                        "23 10:00 succeeded", "23 11:05 succeeded", "23 11:29 succeeded", "23 11:35 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfSomethingElseLosesNoFire(MetadataStore metadata) {
        World world = new World(metadata);
        Connector shelf = world.shelf();
        world.patch("09:10:00", shelf, "{'schedule_cron':'0 * * * *','schedule_mode':'full'}");
        world.tick("09:59:00");
        world.patch("10:00:00.020", shelf, "{'description':'changed in the very moment'}");
        world.tick("10:00:00.050");
        world.patch("11:00:30", shelf, "{'schedule_cron':'0 * * * *','schedule_mode':'incremental'}");
        world.tick("11:00:31");
        assertThat(world.told(shelf)).containsExactly("23 10:00 succeeded", "23 11:00 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsSwitchedOnAgainFiresFromThenOn(MetadataStore metadata) {
        World world = new World(metadata);
        Connector shelf = world.shelf();
        world.patch("09:10:00", shelf, "{'schedule_cron':'0 * * * *','schedule_mode':'full'}");
        world.tick("10:00:00");
        world.patch("10:30:00", shelf, "{'enabled':false}");
        world.tick("11:00:00");
        clock.set(Instant.parse("2026-11-27T00:00:00Z"));
        world.tick("12:00:00");
        world.patch("12:59:59", shelf, "{'enabled':true}");
        world.tick("12:59:59.500");
        world.tick("13:00:00");
        world.patch("13:10:00", shelf, "{'enabled':false}");
        world.patch("13:11:00", shelf, "{'enabled':true}");
        world.tick("14:00:00");
        assertThat(world.told(shelf)).containsExactly("23 10:00 succeeded", "27 13:00 succeeded", "27 14:00 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void daysOfDownTimeStartNoSingleRun(MetadataStore metadata) {
        World world = new World(metadata);
        List<Connector> connectors = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Connector shelf = world.shelf();
            world.patch("09:10:00", shelf, "{'schedule_cron':'%d * * * *','schedule_mode':'full'}".formatted(i));
            connectors.add(shelf);
        }
        clock.set(Instant.parse("2026-11-26T00:00:00Z"));
        world.tick("09:45:00");
        world.tick("09:46:00");
        for (int i = 0; i < 30; i++) {
            assertThat(world.told(connectors.get(i)))
                    .containsExactly("26 09:%02d skipped missed %d".formatted(i, i > 10 ? 73 : 72));
        }
        assertThat(synced).isEmpty();
        for (int minute = 0; minute < 30; minute++) {
            world.tick("10:%02d:01".formatted(minute));
        }
        for (int i = 0; i < 30; i++) {
            assertThat(world.told(connectors.get(i))).hasSize(2).endsWith("26 10:%02d succeeded".formatted(i));
        }
    }
}
