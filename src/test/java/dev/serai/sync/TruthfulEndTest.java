package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.lake.Lake;
import dev.serai.lake.PausingFiles;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Runs that are stopped around the moment of a commit: what they say is what the lake has. */
class TruthfulEndTest {
    @TempDir
    Path folder;

    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private enum Moment {
        BEFORE_THE_COMMIT_HAS_ITS_NAME,
        AFTER
    }

    private Lake lake(Runnable before, Runnable after) {
        return PausingFiles.lake(Settings.of(Map.of("serai.data-dir", folder.toString())), before, after);
    }

    private SyncStage stage(DatasetStage datasets) {
        return new SyncStage(
                datasets,
                OtherProcess.flow(datasets, datasets.lake, () -> {}),
                (connector, stop) -> List.of(),
                folder,
                Map.of());
    }

    private void hold(boolean here) {
        if (here) {
            there.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Also beyond the time after which whoever does not let go is given up. */
    @ParameterizedTest
    @EnumSource
    void cancelledDuringTheCommitItSucceeds(Moment moment) throws Exception {
        try (Lake lake =
                lake(() -> hold(moment == Moment.BEFORE_THE_COMMIT_HAS_ITS_NAME), () -> hold(moment == Moment.AFTER))) {
            DatasetStage datasets = new DatasetStage(MetadataStore.H2, lake);
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            try (SyncStage stage = stage(datasets)) {
                Run run = stage.start(shelf);
                there.await();
                Instant asked = Instant.now();
                stage.syncs.cancel(stage.project, run.id());
                ActiveRun active = stage.engine.active(run.id()).orElseThrow();
                await().until(() -> active.work().stopped().isPresent());
                await().until(() -> Duration.between(asked, Instant.now()).toMillis() > 3500);
                assertThat(stage.syncs.get(stage.project, run.id()).ended()).isFalse();
                goOn.countDown();
                Run ended = stage.ended(run);

                assertThat(ended.status()).isEqualTo("succeeded");
                assertThat(SyncStage.of(ended, books).version()).isZero();
                assertThat(datasets.datasets.get(stage.project, books.id()).version())
                        .isZero();
                assertThat(lake.snapshot(books.table())).isPresent();
            }
        }
    }

    @Test
    void whatFailsOnceTheVersionIsThereTakesNothingBack() throws IOException, java.sql.SQLException {
        try (Lake lake = lake(() -> {}, () -> {
            throw new IllegalStateException("planted, after the commit");
        })) {
            DatasetStage datasets = new DatasetStage(MetadataStore.H2, lake);
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            try (SyncStage stage = stage(datasets)) {
                Run run = stage.ended(stage.start(shelf));

                assertThat(run.status()).isEqualTo("succeeded");
                assertThat(SyncStage.of(run, books).rowsWritten()).isEqualTo(10_000);
                assertThat(datasets.datasets.get(stage.project, books.id()).rows())
                        .isEqualTo(10_000);
            }
        }
    }

    /** Another writer is faster, each time until the lake is left alone. */
    @Test
    void aWriteThatAnotherWasFasterThanIsDoneOnceMore() throws Exception {
        CountDownLatch once = new CountDownLatch(1);
        Lake[] other = new Lake[1];
        DatasetStage[] datasets = new DatasetStage[1];
        Dataset[] books = new Dataset[1];
        Runnable overtaken = () -> {
            if (once.getCount() > 0) {
                once.countDown();
                write(other[0], datasets[0], books[0]);
            }
        };
        try (Lake lake = lake(overtaken, () -> {});
                Lake faster = new Lake(Settings.of(Map.of(
                        "serai.data-dir",
                        folder.resolve("other").toString(),
                        "serai.lake-uri",
                        folder.resolve("lake").toString())))) {
            other[0] = faster;
            datasets[0] = new DatasetStage(MetadataStore.H2, lake);
            Connector shelf = datasets[0].shelf();
            books[0] = datasets[0].dataset(shelf, "public.books");
            try (SyncStage stage = new SyncStage(
                    datasets[0],
                    OtherProcess.flow(datasets[0], lake, () -> {}),
                    (connector, stop) -> List.of(),
                    folder,
                    Map.of("serai.sync.retry", "4s"))) {
                Run run = stage.ended(stage.start(shelf));

                assertThat(run.status()).isEqualTo("succeeded");
                assertThat(SyncStage.of(run, books[0]).version()).isEqualTo(1);
                assertThat(SyncStage.of(run, books[0]).warnings())
                        .extracting(RunWarning::code)
                        .containsExactly("retried");
                assertThat(lake.snapshot(books[0].table()).orElseThrow().rows()).isEqualTo(10_000);
            }
        }
    }

    private static void write(Lake lake, DatasetStage datasets, Dataset books) {
        DatasetSync sync = new DatasetSync(
                "run_of_another",
                datasets.connectors.find(books.project(), books.connectorId()).orElseThrow(),
                books,
                new SyncMode("full", null));
        try (sync) {
            OtherProcess.flow(datasets, lake, () -> {}).run(sync);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
