package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.testing.Duck;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static dev.serai.sync.OtherProcess.Point;
import static org.assertj.core.api.Assertions.assertThat;

/** Processes that are killed in the middle of a sync, and processes that sync the same dataset. */
class KilledSyncTest {
    @TempDir
    Path folder;

    private Lake lake(String dataDir) {
        return new Lake(Settings.of(Map.of(
                "serai.data-dir",
                folder.resolve(dataDir).toString(),
                "serai.lake-uri",
                lakeDir().toString())));
    }

    private Path lakeDir() {
        return folder.resolve("lake");
    }

    private SyncStage stage(DatasetStage datasets, String dataDir, Runnable midway) {
        return new SyncStage(
                datasets,
                OtherProcess.flow(datasets, datasets.lake, midway),
                (connector, stop) -> List.of(),
                folder.resolve(dataDir),
                Map.of());
    }

    private static List<List<Object>> marks(TableSnapshot snapshot) throws SQLException {
        return Duck.rows("select run, count(*), count(distinct n) from (" + snapshot.scan() + ") group by run");
    }

    private List<String> files(Dataset dataset) throws IOException {
        try (Stream<Path> files =
                Files.walk(lakeDir().resolve(dataset.project()).resolve(dataset.id()))) {
            return files.map(file -> lakeDir().relativize(file).toString())
                    .filter(file -> !file.contains("_delta_log"))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NOWHERE", mode = EnumSource.Mode.EXCLUDE)
    void leavesOneVersionWholeAndARunThatSaysWhich(Point point) throws Exception {
        Connector shelf;
        Dataset books;
        Run first;
        try (Lake lake = lake("data")) {
            DatasetStage datasets = new DatasetStage(MetadataStore.POSTGRESQL, lake);
            shelf = datasets.shelf();
            books = datasets.dataset(shelf, "public.books");
            try (SyncStage stage = stage(datasets, "data", () -> {})) {
                first = stage.ended(stage.start(shelf));
                assertThat(first.status()).isEqualTo("succeeded");
            }
        }
        List<String> before = files(books);
        OtherProcess other = OtherProcess.start(
                        MetadataStore.POSTGRESQL, folder.resolve("data"), lakeDir(), shelf, point)
                .stopped();
        other.kill();

        try (Lake lake = lake("data")) {
            DatasetStage datasets = new DatasetStage(MetadataStore.POSTGRESQL, shelf.project(), lake);
            try (SyncStage stage = stage(datasets, "data", () -> {})) {
                boolean committed = point == Point.AFTER_COMMIT;
                Run killed = stage.syncs.latest(List.of(shelf.id())).get(shelf.id());
                killed = stage.syncs.get(shelf.project(), killed.id());
                assertThat(killed.id()).isNotEqualTo(first.id());
                RunDataset outcome = SyncStage.of(killed, books);
                Dataset now = datasets.datasets.get(shelf.project(), books.id());
                TableSnapshot snapshot = lake.snapshot(books.table()).orElseThrow();
                if (committed) {
                    assertThat(killed.status()).isEqualTo("succeeded");
                    assertThat(outcome.status()).isEqualTo("succeeded");
                    assertThat(outcome.version()).isEqualTo(1);
                    assertThat(outcome.rowsWritten()).isEqualTo(10_000);
                    assertThat(now.freshness()).isBetween(first.endedAt(), Instant.now());
                } else {
                    assertThat(killed.status()).isEqualTo("failed");
                    assertThat(killed.reason()).isEqualTo("interrupted");
                    assertThat(outcome.error().code()).isEqualTo("interrupted");
                    assertThat(outcome.error().retryable()).isTrue();
                    assertThat(now.status()).isEqualTo("failed");
                    assertThat(files(books)).isEqualTo(before);
                }
                assertThat(now.version()).isEqualTo(committed ? 1 : 0);
                assertThat(snapshot.version()).isEqualTo(committed ? 1 : 0);
                assertThat(marks(snapshot))
                        .containsExactly(List.of(committed ? killed.id() : first.id(), 10_000L, 10_000L));
                assertThat(files(books)).noneMatch(file -> file.contains("_staging"));

                Run next = stage.ended(stage.start(shelf));

                assertThat(next.status()).isEqualTo("succeeded");
                assertThat(marks(lake.snapshot(books.table()).orElseThrow()))
                        .containsExactly(List.of(next.id(), 10_000L, 10_000L));
                assertThat(files(books)).hasSize(before.size() + (committed ? 2 : 1));
            }
        }
    }

    @Test
    void ofTwoProcessesOnOneMetadataDatabaseOneClaimsTheRun() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Lake lake = lake("data")) {
            DatasetStage datasets = new DatasetStage(MetadataStore.POSTGRESQL, lake);
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            try (SyncStage stage = stage(datasets, "data", () -> await(reading, goOn))) {
                Run run = stage.start(shelf);
                reading.await();
                try (OtherProcess other = OtherProcess.start(
                        MetadataStore.POSTGRESQL, folder.resolve("other"), lakeDir(), shelf, Point.NOWHERE)) {
                    assertThat(other.result()).isEqualTo("run_in_progress");
                }
                assertThat(files(books))
                        .as("the other left this one's rows alone")
                        .anyMatch(file -> file.contains("_staging"));
                goOn.countDown();
                assertThat(stage.ended(run).status()).isEqualTo("succeeded");
                assertThat(marks(lake.snapshot(books.table()).orElseThrow()))
                        .containsExactly(List.of(run.id(), 10_000L, 10_000L));
            }
        }
    }

    /** As one that was suspended: nothing tells it that others have gone on, until it is about to commit. */
    @Test
    void aStalledProcessDoesNotCommitWhatOthersHaveTakenOver() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Map<String, String> shortLease = Map.of("serai.sync.lease", "6s");
        try (Lake lake = lake("data");
                Lake otherLake = lake("other")) {
            DatasetStage datasets = new DatasetStage(MetadataStore.POSTGRESQL, lake);
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            SyncStage stalled = new SyncStage(
                    datasets,
                    OtherProcess.flow(datasets, lake, () -> await(reading, goOn)),
                    (connector, stop) -> List.of(),
                    folder.resolve("data"),
                    shortLease);
            Run run = stalled.start(shelf);
            reading.await();
            ActiveRun asItWas = stalled.engine.active(run.id()).orElseThrow();
            DatasetSync sync = asItWas.work().working().get(0);
            stalled.crash();
            DatasetStage others = new DatasetStage(MetadataStore.POSTGRESQL, shelf.project(), otherLake);
            try (SyncStage other = new SyncStage(
                    others,
                    OtherProcess.flow(others, otherLake, () -> {}),
                    (connector, stop) -> List.of(),
                    folder.resolve("other"),
                    shortLease)) {
                Run closed = other.until(run, now -> {
                    other.keeper.closeLapsed(null);
                    return now.ended();
                });
                assertThat(closed.reason()).isEqualTo("interrupted");

                goOn.countDown();

                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> asItWas.work().result(books.id()).ended());
                assertThat(sync.cancellation().tooLate()).isFalse();
                assertThat(lake.snapshot(books.table())).isEmpty();
                Run next = other.ended(other.start(shelf));
                assertThat(next.status()).isEqualTo("succeeded");
                TableSnapshot snapshot = lake.snapshot(books.table()).orElseThrow();
                assertThat(snapshot.version()).isZero();
                assertThat(marks(snapshot)).containsExactly(List.of(next.id(), 10_000L, 10_000L));
            }
        }
    }

    @Test
    void ofTwoProcessesThatKnowNothingOfEachOtherOneWinsWholeAndTheOtherSaysSo() throws Exception {
        try (Lake lake = lake("data")) {
            DatasetStage datasets = new DatasetStage(MetadataStore.H2, lake);
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            try (SyncStage stage = stage(datasets, "data", () -> {});
                    OtherProcess other = OtherProcess.stranger(
                            folder.resolve("other"), lakeDir(), shelf.project(), books.id(), Point.BEFORE_COMMIT)) {
                other.stopped();
                Run run = stage.ended(stage.start(shelf));
                assertThat(run.status()).isEqualTo("succeeded");

                other.goOn();

                assertThat(other.result()).isEqualTo("failed 1 of 1 datasets failed.; failed write_conflict true");
                TableSnapshot snapshot = lake.snapshot(books.table()).orElseThrow();
                assertThat(snapshot.version()).isZero();
                assertThat(marks(snapshot)).containsExactly(List.of(run.id(), 10_000L, 10_000L));
                assertThat(files(books)).hasSize(2);
            }
        }
    }

    private static void await(CountDownLatch reading, CountDownLatch goOn) {
        reading.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
