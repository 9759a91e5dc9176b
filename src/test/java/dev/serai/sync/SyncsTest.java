package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SyncsTest {
    private final List<SyncStage> stages = new ArrayList<>();

    @AfterEach
    void close() {
        stages.forEach(SyncStage::close);
    }

    private SyncStage stage(MetadataStore metadata, DatasetFlow flow) {
        return keep(new SyncStage(metadata, flow));
    }

    private SyncStage stage(DatasetFlow flow) {
        return stage(MetadataStore.H2, flow);
    }

    private SyncStage keep(SyncStage stage) {
        stages.add(stage);
        return stage;
    }

    private static String code(Runnable call) {
        try {
            call.run();
        } catch (FailureException e) {
            return e.failure().code();
        }
        return "";
    }

    @ParameterizedTest
    @EnumSource
    void tellsHowEachDatasetFared(MetadataStore metadata) {
        SyncStage stage = stage(metadata, SyncStage::tenRows);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Dataset maps = stage.stage.dataset(shelf, "public.maps");

        Run started = stage.start(shelf);
        assertThat(started.datasets()).extracting(RunDataset::name).containsExactly(books.name(), maps.name());
        assertThat(started.ended()).isFalse();
        Run run = stage.ended(started);

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.trigger()).isEqualTo("manual");
        assertThat(run.startedAt()).isNotNull();
        assertThat(run.endedAt()).isAfterOrEqualTo(run.startedAt());
        assertThat(run.durationMs()).isNotNegative();
        assertThat(run.datasets()).allSatisfy(dataset -> {
            assertThat(dataset.status()).isEqualTo("succeeded");
            assertThat(dataset.mode()).isEqualTo("full");
            assertThat(dataset.rowsRead()).isEqualTo(10);
            assertThat(dataset.rowsWritten()).isEqualTo(10);
            assertThat(dataset.bytes()).isEqualTo(100);
            assertThat(dataset.version()).isZero();
            assertThat(dataset.error()).isNull();
        });
        assertThat(stage.syncs.list(stage.project, null, 10, null).items()).containsExactly(run);
        assertThat(stage.metrics
                        .get("serai.sync.runs")
                        .tags("type", "shelf", "outcome", "succeeded")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(stage.metrics
                        .get("serai.sync.rows.written")
                        .tags("type", "shelf")
                        .counter()
                        .count())
                .isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void oneFailedDatasetMakesTheRunFailedAndTheOthersStillRun(MetadataStore metadata) {
        SyncStage stage = stage(metadata, sync -> {
            if (sync.dataset().name().endsWith("maps")) {
                throw new FailureException(
                        new Failure.Source(Failure.Layer.AUTHORIZE, "forbidden", "No right to read maps.", false));
            }
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Dataset maps = stage.stage.dataset(shelf, "public.maps");
        Dataset atlas = stage.stage.dataset(shelf, "public.atlas");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("failed");
        assertThat(run.reason()).isEqualTo("1 of 3 datasets failed.");
        assertThat(SyncStage.of(run, books).status()).isEqualTo("succeeded");
        assertThat(SyncStage.of(run, atlas).status()).isEqualTo("succeeded");
        assertThat(SyncStage.of(run, maps).status()).isEqualTo("failed");
        assertThat(SyncStage.of(run, maps).error())
                .isEqualTo(new RunError("forbidden", "No right to read maps.", "authorize", false));
        assertThat(stage.stage.datasets.get(stage.project, maps.id()).status()).isEqualTo("failed");
        assertThat(stage.stage.datasets.get(stage.project, maps.id()).lastRun()).isEqualTo(run.id());
    }

    @Test
    void aFaultOfOurOwnShowsNothingOfItself() {
        SyncStage stage = stage(sync -> {
            throw new IllegalStateException("planted inner detail");
        });
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        RunError error = SyncStage.of(run, books).error();
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo("internal");
        assertThat(error.detail()).doesNotContain("planted").doesNotContain("Exception");
    }

    @Test
    void logLinesCarryTheRunsId() {
        List<String> seen = new CopyOnWriteArrayList<>();
        SyncStage stage = stage(sync -> {
            seen.add(MDC.get("run"));
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(seen).containsExactly(run.id());
    }

    @ParameterizedTest
    @EnumSource
    void ofManyStartsAtOnceExactlyOneWins(MetadataStore metadata) throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        DatasetFlow flow = sync -> {
            hold.await();
            return SyncStage.tenRows(sync);
        };
        SyncStage one = stage(metadata, flow);
        SyncStage other = keep(one.replica(flow));
        Connector shelf = one.stage.shelf();
        one.stage.dataset(shelf, "public.books");
        CyclicBarrier together = new CyclicBarrier(8);
        List<Callable<String>> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SyncStage stage = i % 2 == 0 ? one : other;
            starts.add(() -> {
                together.await();
                return code(() -> stage.start(shelf));
            });
        }

        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<String> answers = new ArrayList<>();
        try {
            for (Future<String> answer : pool.invokeAll(starts)) {
                answers.add(answer.get());
            }
        } finally {
            pool.shutdown();
            hold.countDown();
        }

        assertThat(answers)
                .containsOnlyOnce("")
                .filteredOn("run_in_progress"::equals)
                .hasSize(7);
        Run run = one.syncs.list(one.project, shelf.id(), 10, null).items().get(0);
        assertThat(one.ended(run).status()).isEqualTo("succeeded");
        assertThat(one.ended(one.start(shelf)).status()).isEqualTo("succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void cancellingEndsARunWithinSeconds(MetadataStore metadata) {
        SyncStage stage = stage(metadata, SyncsTest::readsUntilCancelled);
        Connector shelf = stage.stage.shelf();
        List<Dataset> all = List.of(
                stage.stage.dataset(shelf, "public.a"),
                stage.stage.dataset(shelf, "public.b"),
                stage.stage.dataset(shelf, "public.c"));
        Run run = stage.until(stage.start(shelf), now -> now.datasets().stream()
                .anyMatch(one -> one.status().equals("running")));

        Instant asked = Instant.now();
        stage.syncs.cancel(stage.project, run.id());
        Run ended = stage.ended(run);

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(ended.status()).isEqualTo("cancelled");
        assertThat(ended.datasets()).hasSize(all.size()).allMatch(one -> one.status()
                .equals("cancelled"));
        assertThat(stage.syncs.cancel(stage.project, run.id()).status()).isEqualTo("cancelled");
        assertThat(stage.stage.datasets.get(stage.project, all.get(0).id()).status())
                .isEqualTo("new");
    }

    @Test
    void cancellingEndsARunEvenWhereTheSourceDoesNotLetGo() {
        CountDownLatch hold = new CountDownLatch(1);
        SyncStage stage = stage(sync -> {
            hold.await();
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");
        Run run = stage.until(stage.start(shelf), now -> now.status().equals("running"));

        Instant asked = Instant.now();
        stage.syncs.cancel(stage.project, run.id());
        Run ended = stage.ended(run);
        hold.countDown();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(ended.status()).isEqualTo("cancelled");
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsCancelledWhileModelsAreLookedUpEnds(MetadataStore metadata) {
        CountDownLatch hold = new CountDownLatch(1);
        DatasetStage datasets = new DatasetStage(metadata, TestLake.shared());
        SyncStage stage = keep(new SyncStage(
                datasets,
                SyncStage::tenRows,
                (connector, stop) -> {
                    awaitOpen(hold);
                    return List.of("public.books", "public.maps");
                },
                SyncStage.newDataDir(),
                Map.of()));
        Connector shelf = datasets.change(datasets.shelf(), "discovery = 'pending'");
        Run run = stage.until(stage.start(shelf), now -> now.status().equals("running"));

        stage.syncs.cancel(stage.project, run.id());
        ActiveRun active = stage.engine.active(run.id()).orElseThrow();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> active.work().stopped().isPresent());
        hold.countDown();
        Run ended = stage.ended(run);

        assertThat(ended.status()).isEqualTo("cancelled");
        assertThat(ended.datasets()).allMatch(one -> one.status().equals("cancelled"));
        assertThat(stage.ended(stage.start(shelf)).status()).isEqualTo("succeeded");
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunCanBeCancelledFromAnotherProcess(MetadataStore metadata) {
        SyncStage one = stage(metadata, SyncsTest::readsUntilCancelled);
        SyncStage other = keep(one.replica(SyncStage::tenRows));
        Connector shelf = one.stage.shelf();
        one.stage.dataset(shelf, "public.books");
        Run run = one.until(one.start(shelf), now -> now.status().equals("running"));

        Instant asked = Instant.now();
        other.syncs.cancel(one.project, run.id());

        assertThat(one.ended(run).status()).isEqualTo("cancelled");
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aRunThatHasEndedCannotBeCancelled() {
        SyncStage stage = stage(SyncStage::tenRows);
        Connector shelf = stage.stage.shelf();
        Run run = stage.ended(stage.start(shelf));

        assertThat(code(() -> stage.syncs.cancel(stage.project, run.id()))).isEqualTo("run_ended");
    }

    @Test
    void aRunThatTakesTooLongFails() {
        SyncStage stage = keep(new SyncStage(
                new DatasetStage(MetadataStore.H2, TestLake.shared()),
                SyncsTest::readsUntilCancelled,
                (connector, stop) -> List.of(),
                SyncStage.newDataDir(),
                Map.of("serai.sync.timeout", "300ms", "serai.sync.parallelism", "1")));
        Connector shelf = stage.stage.shelf();
        Dataset first = stage.stage.dataset(shelf, "public.books");
        Dataset second = stage.stage.dataset(shelf, "public.maps");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("failed");
        assertThat(SyncStage.of(run, first).error()).extracting(RunError::code).isEqualTo("timeout");
        assertThat(SyncStage.of(run, second).status()).isEqualTo("skipped");
    }

    @ParameterizedTest
    @EnumSource
    void aRunWhoseProcessDiedIsClosedWhenItsLeaseHasLapsed(MetadataStore metadata) {
        CountDownLatch hold = new CountDownLatch(1);
        SyncStage dead = new SyncStage(metadata, sync -> {
            hold.await();
            return SyncStage.tenRows(sync);
        });
        Connector shelf = dead.stage.shelf();
        Dataset books = dead.stage.dataset(shelf, "public.books");
        Run run = dead.until(
                dead.start(shelf), now -> now.datasets().get(0).status().equals("running"));
        dead.crash();
        SyncStage next = keep(dead.replica(SyncStage::tenRows));
        assertThat(code(() -> next.start(shelf))).isEqualTo("run_in_progress");

        dead.stage
                .jdbc
                .sql("update runs set lease_until = created_at where id = ?")
                .param(run.id())
                .update();
        next.keeper.closeLapsed(null);

        Run closed = next.syncs.get(next.project, run.id());
        assertThat(closed.status()).isEqualTo("failed");
        assertThat(closed.reason()).isEqualTo("interrupted");
        assertThat(SyncStage.of(closed, books).error())
                .extracting(RunError::code)
                .isEqualTo("interrupted");
        assertThat(next.stage.datasets.get(next.project, books.id()).status()).isEqualTo("failed");
        hold.countDown();
        assertThat(next.ended(next.start(shelf)).status()).isEqualTo("succeeded");
        assertThat(next.stage.datasets.get(next.project, books.id()).status()).isEqualTo("ready");
        hold.countDown();
    }

    @Test
    void aProcessThatCouldNotRenewItsLeasesDoesNotTakeItsOwnRunsForDead() {
        CountDownLatch hold = new CountDownLatch(1);
        SyncStage stage = stage(sync -> {
            hold.await();
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");
        Run run = stage.until(
                stage.start(shelf), now -> now.datasets().get(0).status().equals("running"));
        stage.stage
                .jdbc
                .sql("update runs set lease_until = created_at where id = ?")
                .param(run.id())
                .update();
        stage.keeper.closeLapsed(null);
        hold.countDown();
        assertThat(stage.ended(run).status()).isEqualTo("succeeded");
    }

    @Test
    void aProcessThatStartsAgainInItsDataDirectoryClosesItsOldRunsAtOnce() {
        CountDownLatch hold = new CountDownLatch(1);
        DatasetStage datasets = new DatasetStage(MetadataStore.H2, TestLake.shared());
        Path dataDir = SyncStage.newDataDir();
        SyncStage dead = new SyncStage(
                datasets,
                sync -> {
                    hold.await();
                    return SyncStage.tenRows(sync);
                },
                (connector, stop) -> List.of(),
                dataDir,
                Map.of());
        Connector shelf = datasets.shelf();
        datasets.dataset(shelf, "public.books");
        Run run = dead.until(dead.start(shelf), now -> now.status().equals("running"));
        dead.crash();

        SyncStage next =
                keep(new SyncStage(datasets, SyncStage::tenRows, (connector, stop) -> List.of(), dataDir, Map.of()));
        hold.countDown();

        assertThat(next.syncs.get(next.project, run.id()).reason()).isEqualTo("interrupted");
    }

    @Test
    void shuttingDownStopsWhatIsGoingOn() {
        SyncStage stage = new SyncStage(MetadataStore.H2, SyncsTest::readsUntilCancelled);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Run run = stage.until(
                stage.start(shelf), now -> now.datasets().get(0).status().equals("running"));

        stage.close();

        Run ended = stage.syncs.get(stage.project, run.id());
        assertThat(ended.status()).isEqualTo("failed");
        assertThat(ended.reason()).isEqualTo("interrupted");
        assertThat(SyncStage.of(ended, books).error())
                .extracting(RunError::code)
                .isEqualTo("interrupted");
        assertThat(code(() -> stage.start(shelf))).isEqualTo("shutting_down");
    }

    @Test
    void refusesWhatCannotBeSynced() {
        SyncStage stage = stage(SyncStage::tenRows);
        Connector bell = stage.stage.connector(DatasetStage.BELL);
        Connector disabled = stage.stage.change(stage.stage.shelf(), "enabled = false");
        Connector deleted = stage.stage.shelf();
        Dataset orphan = stage.stage.dataset(deleted, "public.books");
        stage.stage.delete(deleted);

        assertThat(code(() -> stage.start(bell))).isEqualTo("not_syncable");
        assertThat(code(() -> stage.start(disabled))).isEqualTo("connector_disabled");
        assertThat(code(() -> stage.start(deleted))).isEqualTo("not_found");
        assertThat(code(() -> stage.syncs.startDataset(stage.project, orphan.id(), "tester")))
                .isEqualTo("connector_deleted");
        assertThat(code(() -> stage.syncs.get("elsewhere", "run_x"))).isEqualTo("not_found");
    }

    @Test
    void namesEveryFaultOfAStart() {
        SyncStage stage = stage(SyncStage::tenRows);
        Connector shelf = stage.stage.shelf();
        Connector other = stage.stage.shelf();
        Dataset foreign = stage.stage.dataset(other, "public.books");

        assertThatThrownBy(() -> stage.syncs.start(
                        stage.project, shelf.id(), "delta", List.of(foreign.id(), "dat_none"), "manual", "tester"))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                        .isInstanceOfSatisfying(Failure.Invalid.class, invalid -> assertThat(invalid.errors())
                                .extracting(fault -> fault.pointer())
                                .containsExactly("/mode", "/datasets/0", "/datasets/1")));
    }

    @Test
    void anIncrementalDatasetWithoutAWatermarkColumnIsSkippedWithTheReason() {
        SyncStage stage = stage(SyncStage::tenRows);
        Connector shelf = stage.stage.change(stage.stage.shelf(), "schedule_mode = 'incremental'");
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(SyncStage.of(run, books).status()).isEqualTo("skipped");
        assertThat(SyncStage.of(run, books).reason()).contains("watermark column");
        assertThat(stage.stage.datasets.get(stage.project, books.id()).status()).isEqualTo("needs_watermark");
        Run full = stage.ended(stage.syncs.start(stage.project, shelf.id(), "full", null, "manual", "tester"));
        assertThat(SyncStage.of(full, books).status()).isEqualTo("succeeded");
    }

    @Test
    void aModeThatWasAskedForOnceSaysNothingOfTheDataset() {
        SyncStage stage = stage(SyncStage::tenRows);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.syncs.start(stage.project, shelf.id(), "incremental", null, "manual", "tester"));

        assertThat(SyncStage.of(run, books).status()).isEqualTo("skipped");
        assertThat(stage.stage.datasets.get(stage.project, books.id()).status()).isEqualTo("new");
    }

    @Test
    void keepsWhatADatasetCommittedAfterItsRunWasGivenUp() {
        CountDownLatch held = new CountDownLatch(1);
        SyncStage stage = stage(sync -> {
            DatasetResult result = SyncStage.tenRows(sync);
            boolean interrupted = true;
            while (interrupted) {
                try {
                    held.await();
                    interrupted = false;
                } catch (InterruptedException e) {
                    // As a source does that does not let go.
                    interrupted = true;
                }
            }
            return result;
        });
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Run run = stage.until(
                stage.start(shelf), one -> SyncStage.of(one, books).status().equals("running"));
        stage.syncs.cancel(stage.project, run.id());
        assertThat(SyncStage.of(stage.ended(run), books).status()).isEqualTo("cancelled");
        assertThat(stage.stage.datasets.get(stage.project, books.id()).version())
                .isNull();

        held.countDown();

        await().untilAsserted(() -> assertThat(
                        stage.stage.datasets.get(stage.project, books.id()).version())
                .isZero());
        assertThat(SyncStage.of(stage.syncs.get(stage.project, run.id()), books).status())
                .isEqualTo("cancelled");
    }

    @Test
    void modelsThatCameAreSyncedToo() {
        DatasetStage datasets = new DatasetStage(MetadataStore.H2, TestLake.shared());
        SyncStage stage = keep(new SyncStage(
                datasets,
                SyncStage::tenRows,
                (connector, stop) -> List.of("public.books", "public.Books", "public.maps"),
                SyncStage.newDataDir(),
                Map.of()));
        Connector shelf = datasets.change(datasets.shelf(), "discovery = 'pending'");
        Dataset books = datasets.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.datasets())
                .extracting(RunDataset::name)
                .containsExactly(books.name(), books.name() + "_2", "main_shelf__public__maps");
        assertThat(run.datasets()).allMatch(one -> one.status().equals("succeeded"));
        assertThat(stage.stage
                        .connectors
                        .find(stage.project, shelf.id())
                        .orElseThrow()
                        .discovery())
                .isEqualTo("done");
        assertThat(stage.ended(stage.start(shelf)).datasets()).hasSize(3);
    }

    @Test
    void aRunWhoseModelsCannotBeLookedUpSaysSo() {
        DatasetStage datasets = new DatasetStage(MetadataStore.H2, TestLake.shared());
        SyncStage stage = keep(new SyncStage(
                datasets,
                SyncStage::tenRows,
                (connector, stop) -> {
                    throw new FailureException(
                            new Failure.Source(Failure.Layer.CONNECT, "refused", "Connection refused.", true));
                },
                SyncStage.newDataDir(),
                Map.of()));
        Connector shelf = datasets.change(datasets.shelf(), "discovery = 'pending'");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("failed");
        assertThat(run.reason()).contains("Connection refused");
        assertThat(stage.stage
                        .connectors
                        .find(stage.project, shelf.id())
                        .orElseThrow()
                        .discovery())
                .isEqualTo("failed");
    }

    /** As a source does that is closed when the run is cancelled. */
    private static DatasetResult readsUntilCancelled(DatasetSync sync) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Cancellation.Registration ignored = sync.cancellation().onRequest(cancelled::countDown)) {
            for (long rows = 1; cancelled.getCount() > 0; rows++) {
                sync.read(rows);
                cancelled.await(20, TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException("The source was closed");
    }
}
