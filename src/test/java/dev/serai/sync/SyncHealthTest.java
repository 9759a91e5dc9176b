package dev.serai.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorSchedules;
import dev.serai.dataset.Dataset;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

/** The days are those of a week that begins with Monday, 2026-11-23. */
class SyncHealthTest {
    private final CountDownLatch hold = new CountDownLatch(1);
    private final AtomicBoolean fails = new AtomicBoolean();
    private final AtomicBoolean hangs = new AtomicBoolean();
    private @Nullable SyncStage open;

    @AfterEach
    void close() {
        hold.countDown();
        if (open != null) {
            open.close();
        }
    }

    private SyncStage stage(MetadataStore metadata) {
        SyncStage stage = new SyncStage(metadata, this::sync);
        open = stage;
        return stage;
    }

    private DatasetResult sync(DatasetSync sync) throws InterruptedException {
        if (hangs.get()) {
            hold.await();
        }
        if (fails.get()) {
            throw new FailureException(
                    new Failure.Source(Failure.Layer.CONNECT, "connection_refused", "Nobody answers.", false));
        }
        return SyncStage.tenRows(sync);
    }

    /** Made, like its schedule, long before; {@code cron} is text in SQL or null. */
    private static Connector scheduled(SyncStage stage, @Nullable String cron) {
        return stage.stage.change(
                stage.stage.shelf(),
                "created_at = timestamp with time zone '2026-01-01 00:00:00+00', schedule_cron = "
                        + (cron == null ? "null" : "'" + cron + "'"));
    }

    private static Dataset dataset(SyncStage stage, Connector connector, @Nullable String freshness) {
        Dataset dataset =
                stage.stage.dataset(connector, "public.t" + connector.id().substring(20));
        stage.stage
                .jdbc
                .sql("update datasets set created_at = ?, freshness = ?, status = ? where id = ?")
                .params(
                        Times.param(Instant.parse("2026-01-02T00:00:00Z")),
                        freshness == null ? null : Times.param(Instant.parse(freshness)),
                        freshness == null ? "new" : "ready",
                        dataset.id())
                .update();
        return dataset;
    }

    private static SyncHealth at(SyncStage stage, String time) {
        return new SyncHealth(
                stage.stage.datasets,
                new ConnectorSchedules(stage.stage.jdbc),
                new DatasetStandings(stage.stage.jdbc),
                Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
    }

    private static DatasetHealth only(SyncStage stage, String time) {
        Page<DatasetHealth> page = at(stage, time).list(stage.project, null, 10, null);
        assertThat(page.items()).hasSize(1);
        return page.items().get(0);
    }

    @ParameterizedTest
    @EnumSource
    void isStaleOnceTwoFiresHaveGoneByWithoutNewRows(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        dataset(stage, scheduled(stage, "0 * * * *"), "2026-11-23T09:00:05Z");

        DatasetHealth fresh = only(stage, "2026-11-23T11:02:00Z");
        assertThat(fresh.stale()).isFalse();
        assertThat(fresh.reason()).isNull();
        assertThat(fresh.staleAfter()).isEqualTo("2026-11-23T11:02:00Z");
        assertThat(fresh.ageSeconds()).isEqualTo(2 * 3600 + 115);
        assertThat(fresh.nextRun()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(fresh.connectorStatus()).isEqualTo("active");

        DatasetHealth stale = only(stage, "2026-11-23T11:02:01Z");
        assertThat(stale.stale()).isTrue();
        assertThat(stale.reason()).as("nobody was there").isEqualTo("late");
        assertThat(stale.consecutiveFailures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void goesByTheScheduleAndNotByAMeanInterval(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        dataset(stage, scheduled(stage, "0 9-17 * * 1-5"), "2026-11-20T17:00:05Z");
        assertThat(only(stage, "2026-11-22T23:00:00Z").stale())
                .as("over the weekend")
                .isFalse();
        assertThat(only(stage, "2026-11-23T09:59:00Z").stale()).isFalse();
        assertThat(only(stage, "2026-11-23T10:03:00Z").stale()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void waitsAsLongAsTheLastRunTook(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, "0 * * * *");
        dataset(stage, shelf, null);
        Run run = stage.ended(stage.start(shelf));
        stage.stage
                .jdbc
                .sql("update runs set started_at = ?, ended_at = ? where id = ?")
                .params(
                        Times.param(Instant.parse("2026-11-23T09:00:00Z")),
                        Times.param(Instant.parse("2026-11-23T09:50:00Z")),
                        run.id())
                .update();
        stage.stage
                .jdbc
                .sql("update datasets set freshness = ? where project = ?")
                .params(Times.param(Instant.parse("2026-11-23T09:00:01Z")), stage.project)
                .update();
        assertThat(only(stage, "2026-11-23T11:30:00Z").staleAfter()).isEqualTo("2026-11-23T11:52:00Z");
    }

    @ParameterizedTest
    @EnumSource
    void expectsNothingWhereNoScheduleIsInForce(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector unscheduled = scheduled(stage, null);
        Connector disabled = stage.stage.change(scheduled(stage, "* * * * *"), "enabled = false");
        Connector deleted = scheduled(stage, "* * * * *");
        Connector broken =
                stage.stage.change(scheduled(stage, "* * * * *"), "schedule_timezone = 'Atlantis/Poseidonis'");
        for (Connector connector : List.of(unscheduled, disabled, deleted, broken)) {
            dataset(stage, connector, "2026-02-01T00:00:00Z");
        }
        stage.stage.delete(deleted);

        List<DatasetHealth> found = at(stage, "2026-11-23T09:00:00Z")
                .list(stage.project, null, 10, null)
                .items();

        assertThat(found)
                .extracting(DatasetHealth::connectorStatus)
                .containsExactly("active", "disabled", "deleted", "active");
        assertThat(found).allSatisfy(health -> {
            assertThat(health.stale()).isFalse();
            assertThat(health.staleAfter()).isNull();
            assertThat(health.nextRun()).isNull();
            assertThat(health.ageSeconds()).isPositive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void countsNoTimeBeforeTheScheduleWasGiven(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, "0 * * * *");
        dataset(stage, shelf, null);
        assertThat(only(stage, "2026-11-23T09:30:00Z").reason()).isEqualTo("never_synced");
        stage.stage.change(shelf, "schedule_since = timestamp with time zone '2026-11-23 09:20:00+00'");
        assertThat(only(stage, "2026-11-23T09:30:00Z").stale()).isFalse();
        assertThat(only(stage, "2026-11-23T09:30:00Z").freshness()).isNull();
        assertThat(only(stage, "2026-11-23T11:01:00Z").stale()).isFalse();
        assertThat(only(stage, "2026-11-23T11:03:00Z").reason()).isEqualTo("never_synced");
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyADatasetIsStale(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, "0 * * * *");
        Dataset dataset = dataset(stage, shelf, null);
        fails.set(true);
        stage.ended(stage.start(shelf));
        stage.ended(stage.start(shelf));
        DatasetHealth failing = only(stage, "2027-01-01T00:00:00Z");
        assertThat(failing.reason()).isEqualTo("failing");
        assertThat(failing.consecutiveFailures()).isEqualTo(2);
        assertThat(failing.lastErrorCode()).isEqualTo("connection_refused");
        assertThat(failing.status()).isEqualTo("failed");

        fails.set(false);
        stage.ended(stage.start(shelf));
        DatasetHealth sound = only(stage, "2027-01-01T00:00:00Z");
        assertThat(sound.reason()).isEqualTo("late");
        assertThat(sound.consecutiveFailures()).isZero();
        assertThat(sound.lastErrorCode()).isNull();

        hangs.set(true);
        Run run = stage.start(shelf);
        stage.until(run, now -> now.status().equals("running"));
        assertThat(only(stage, "2027-01-01T00:00:00Z").reason()).isEqualTo("syncing");
        hold.countDown();
        stage.ended(run);

        stage.stage.change(shelf, "schedule_mode = 'incremental'");
        stage.ended(stage.start(shelf));
        DatasetHealth unwatched = only(stage, "2027-01-01T00:00:00Z");
        assertThat(unwatched.datasetId()).isEqualTo(dataset.id());
        assertThat(unwatched.reason()).isEqualTo("needs_watermark");
        assertThat(unwatched.status()).isEqualTo("needs_watermark");
    }

    @ParameterizedTest
    @EnumSource
    void givesPagesOfWhatIsStaleOnly(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        List<String> stale = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            boolean old = i % 2 == 0;
            Dataset dataset = dataset(
                    stage, scheduled(stage, "0 * * * *"), old ? "2026-11-23T01:00:00Z" : "2026-11-23T08:00:00Z");
            (old ? stale : fresh).add(dataset.id());
        }
        SyncHealth health = at(stage, "2026-11-23T09:00:00Z");
        assertThat(paged(stage, health, true, 2)).isEqualTo(stale);
        assertThat(paged(stage, health, false, 2)).isEqualTo(fresh);
        assertThat(paged(stage, health, null, 3)).hasSize(7).containsAll(stale).containsAll(fresh);
        assertThat(health.list(stage.project, true, stale.size(), null).nextCursor())
                .isNull();
        assertThat(health.list(stage.project + "-other", null, 10, null).items())
                .isEmpty();
    }

    private static List<String> paged(SyncStage stage, SyncHealth health, @Nullable Boolean stale, int limit) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Page<DatasetHealth> page = health.list(stage.project, stale, limit, cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit).isNotEmpty();
            page.items().forEach(item -> ids.add(item.datasetId()));
            cursor = page.nextCursor();
        } while (cursor != null);
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void countsTheRunsThatFailedSinceTheLastThatSucceeded(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, null);
        stage.stage.dataset(shelf, "public.books");
        assertThat(failures(stage, shelf)).isZero();
        fails.set(true);
        Run first = stage.start(shelf);
        assertThat(first.consecutiveFailures()).isNull();
        assertThat(stage.ended(first).consecutiveFailures()).isEqualTo(1);
        assertThat(stage.ended(stage.start(shelf)).consecutiveFailures()).isEqualTo(2);

        hangs.set(true);
        Run cancelled = stage.start(shelf);
        stage.until(cancelled, now -> now.status().equals("running"));
        assertThat(failures(stage, shelf)).as("while one goes on").isEqualTo(2);
        stage.syncs.cancel(stage.project, cancelled.id());
        assertThat(stage.ended(cancelled).consecutiveFailures()).isEqualTo(2);
        hangs.set(false);
        stage.runs.skip(
                dev.serai.metadata.Ids.next("run"),
                shelf,
                Instant.parse("2026-11-23T09:00:00Z"),
                null,
                "Because.",
                Times.stored(Instant.now()));
        assertThat(failures(stage, shelf)).as("after a skipped fire").isEqualTo(2);
        assertThat(stage.ended(stage.start(shelf)).consecutiveFailures()).isEqualTo(3);
        assertThat(failures(stage, shelf)).isEqualTo(3);

        fails.set(false);
        assertThat(stage.ended(stage.start(shelf)).consecutiveFailures()).isZero();
        assertThat(failures(stage, shelf)).isZero();
        fails.set(true);
        assertThat(stage.ended(stage.start(shelf)).consecutiveFailures()).isEqualTo(1);
    }

    private static int failures(SyncStage stage, Connector connector) {
        return stage.syncs.consecutiveFailures(List.of(connector.id())).getOrDefault(connector.id(), -1);
    }

    @ParameterizedTest
    @EnumSource
    void aRunWhoseProcessDiedCountsAsFailed(MetadataStore metadata) {
        SyncStage stage = stage(metadata);
        Connector shelf = scheduled(stage, null);
        stage.stage.dataset(shelf, "public.books");
        hangs.set(true);
        Run run = stage.start(shelf);
        stage.until(run, now -> now.datasets().get(0).status().equals("running"));
        stage.crash();
        open = null;
        stage.stage
                .jdbc
                .sql("update runs set lease_until = ? where id = ?")
                .params(Times.param(Instant.now().minus(Duration.ofMinutes(1))), run.id())
                .update();
        try (SyncStage next = stage.replica(this::sync)) {
            next.keeper.closeLapsed(null);
            assertThat(next.ended(run).consecutiveFailures()).isEqualTo(1);
            assertThat(only(next, "2026-11-23T09:00:00Z").consecutiveFailures()).isEqualTo(1);
            assertThat(only(next, "2026-11-23T09:00:00Z").lastErrorCode()).isEqualTo("interrupted");
        }
    }
}
