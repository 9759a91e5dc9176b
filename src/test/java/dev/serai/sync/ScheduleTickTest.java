package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.dataset.DatasetStage;
import dev.serai.metadata.Times;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.SettableClock;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleTickTest {
    /** Behind the leases of real time, so that none has lapsed by the test's clock. */
    private static final Instant NINE = Instant.parse("2026-11-23T09:00:00Z");

    private final List<SyncStage> stages = new ArrayList<>();
    private final List<String> synced = new CopyOnWriteArrayList<>();
    private final SettableClock clock = new SettableClock(NINE);

    @AfterEach
    void close() {
        stages.forEach(SyncStage::closeWithSchedules);
    }

    private SyncStage stage(MetadataStore metadata) {
        SyncStage stage = new SyncStage(metadata, this::sync);
        stages.add(stage);
        return stage;
    }

    private DatasetResult sync(DatasetSync sync) {
        synced.add(sync.dataset().id());
        return SyncStage.tenRows(sync);
    }

    /** A connector with a dataset whose schedule counts from nine o'clock. */
    private static Connector scheduled(SyncStage stage, String cron, @Nullable String zone) {
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");
        stage.stage
                .jdbc
                .sql(
                        "update data_connectors set schedule_cron = ?, schedule_timezone = ?, schedule_after = ? where id = ?")
                .params(cron, zone, Times.param(NINE), shelf.id())
                .update();
        return shelf;
    }

    private static List<Run> runs(SyncStage stage, Connector connector) {
        return stage.syncs.list(stage.project, connector.id(), 100, null).items().stream()
                .sorted(java.util.Comparator.comparing(Run::id))
                .toList();
    }

    private static List<String> told(SyncStage stage, Connector connector) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> runs(stage, connector).stream()
                .allMatch(Run::ended));
        return runs(stage, connector).stream()
                .map(run -> run.scheduledFor().toString().substring(11, 16) + " " + run.status()
                        + (run.missed() == null ? "" : " missed " + run.missed()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void firesOnceAtItsTime(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector hourly = scheduled(stage, "0 * * * *", null);
        Connector india = scheduled(stage, "0 * * * *", "Asia/Kolkata");
        ScheduleTick tick = stage.tick(clock);
        clock.at("09:59:59");
        tick.run();
        assertThat(runs(stage, hourly)).isEmpty();
        clock.at("10:00:00");
        tick.run();
        tick.run();
        clock.at("10:01:00");
        tick.run();
        assertThat(told(stage, hourly)).containsExactly("10:00 succeeded");
        assertThat(told(stage, india)).containsExactly("09:30 skipped missed 1");
        assertThat(runs(stage, hourly).get(0).trigger()).isEqualTo("schedule");
        clock.at("11:00:00");
        tick.run();
        assertThat(told(stage, hourly)).containsExactly("10:00 succeeded", "11:00 succeeded");
        assertThat(told(stage, india)).containsExactly("09:30 skipped missed 1", "10:30 skipped missed 1");
    }

    @ParameterizedTest
    @EnumSource
    void downTimeLeavesOneEntry(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector often = scheduled(stage, "*/5 * * * *", null);
        clock.at("13:08:00");
        stage.tick(clock).run();
        assertThat(told(stage, often)).containsExactly("13:05 skipped missed 49");
        clock.at("13:11:00");
        stage.tick(clock).run();
        assertThat(told(stage, often)).containsExactly("13:05 skipped missed 49", "13:10 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void aFireThatFindsTheLastRunGoingOnIsSkipped(MetadataStore metadata) throws Exception {
        CountDownLatch going = new CountDownLatch(1);
        SyncStage stage = new SyncStage(metadata, sync -> {
            going.await();
            return SyncStage.tenRows(sync);
        });
        stages.add(stage);
        Connector shelf = scheduled(stage, "* * * * *", null);
        ScheduleTick tick = stage.tick(clock);
        for (String time : List.of("09:01:00", "09:02:00", "09:03:00")) {
            clock.at(time);
            tick.run();
        }
        String first = runs(stage, shelf).get(0).id();
        going.countDown();
        assertThat(told(stage, shelf)).containsExactly("09:01 succeeded", "09:02 skipped", "09:03 skipped");
        assertThat(runs(stage, shelf).get(1).reason()).isEqualTo("The run " + first + " was still going on.");
        clock.at("09:04:00");
        tick.run();
        assertThat(told(stage, shelf)).endsWith("09:04 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void aFireThatComesAgainWhereClocksDifferIsDealtWithOnce(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, "0 * * * *", null);
        ScheduleTick tick = stage.tick(clock);
        clock.at("10:00:00");
        tick.run();
        told(stage, shelf);
        setBack(stage, shelf);
        tick.run();
        clock.at("12:30:00");
        setBack(stage, shelf);
        tick.run();
        assertThat(told(stage, shelf)).containsExactly("10:00 succeeded", "12:00 skipped missed 3");
        setBack(stage, shelf);
        tick.run();
        clock.at("13:00:00");
        tick.run();
        assertThat(told(stage, shelf)).endsWith("13:00 succeeded").hasSize(3);
    }

    private static void setBack(SyncStage stage, Connector connector) {
        stage.stage
                .jdbc
                .sql("update data_connectors set schedule_after = ?, next_fire = null where id = ?")
                .params(Times.param(NINE), connector.id())
                .update();
    }

    @ParameterizedTest
    @EnumSource
    void oneScheduleThatCannotBeUnderstoodStopsNoOther(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector broken = scheduled(stage, "0 * * * *", "Atlantis/Poseidonis");
        Connector unplanned = scheduled(stage, "0 * * * *", null);
        stage.stage
                .jdbc
                .sql("update data_connectors set schedule_after = null, updated_at = ? where id = ?")
                .params(Times.param(NINE), unplanned.id())
                .update();
        Connector sound = scheduled(stage, "0 * * * *", null);
        clock.at("10:00:00");
        stage.tick(clock).run();
        assertThat(runs(stage, broken)).isEmpty();
        assertThat(told(stage, unplanned)).containsExactly("10:00 succeeded");
        assertThat(told(stage, sound)).containsExactly("10:00 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void replicasDealWithEachFireOnce(MetadataStore metadata) throws Exception {
        SyncStage stage = stage(metadata);
        List<Connector> connectors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            connectors.add(scheduled(stage, "* * * * *", null));
        }
        List<ScheduleTick> ticks = new ArrayList<>(List.of(stage.tick(clock)));
        for (int i = 0; i < 2; i++) {
            SyncStage replica = stage.replica(this::sync);
            stages.add(replica);
            ticks.add(replica.tick(clock));
        }
        ExecutorService pool = Executors.newFixedThreadPool(ticks.size());
        try {
            for (int minute = 1; minute <= 5; minute++) {
                clock.at("09:0" + minute + ":00");
                CyclicBarrier together = new CyclicBarrier(ticks.size());
                List<Future<?>> calls = new ArrayList<>();
                for (ScheduleTick tick : ticks) {
                    calls.add(pool.submit(() -> {
                        together.await();
                        tick.run();
                        return null;
                    }));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
                connectors.forEach(connector -> told(stage, connector));
            }
        } finally {
            pool.shutdownNow();
        }
        for (Connector connector : connectors) {
            assertThat(told(stage, connector))
                    .containsExactly(
                            "09:01 succeeded",
                            "09:02 succeeded",
                            "09:03 succeeded",
                            "09:04 succeeded",
                            "09:05 succeeded");
        }
        assertThat(synced).hasSize(40);
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatADeadProcessHadNotBegunIsBegunByAnother(MetadataStore metadata) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        SyncStage dying = new SyncStage(
                new DatasetStage(metadata, dev.serai.testing.TestLake.shared()),
                sync -> {
                    working.countDown();
                    never.await();
                    return SyncStage.tenRows(sync);
                },
                (connector, stop) -> List.of(),
                SyncStage.newDataDir(),
                Map.of("serai.sync.parallelism", "1"));
        Connector busy = scheduled(dying, "0 0 1 1 *", null);
        dying.start(busy);
        working.await();
        Connector waiting = scheduled(dying, "* * * * *", null);
        clock.at("09:01:00");
        dying.tick(clock).run();
        assertThat(runs(dying, waiting)).extracting(Run::status).containsExactly("queued");
        dying.crash();
        dying.stage
                .jdbc
                .sql("update runs set lease_until = ? where project = ? and status in ('queued', 'running')")
                .params(Times.param(Instant.now().minusSeconds(1)), dying.project)
                .update();

        SyncStage other = dying.replica(this::sync);
        stages.add(other);
        assertThat(told(other, waiting)).containsExactly("09:01 succeeded");
        assertThat(runs(other, busy)).extracting(Run::reason).containsExactly("interrupted");
        assertThat(synced).hasSize(1);
    }
}
