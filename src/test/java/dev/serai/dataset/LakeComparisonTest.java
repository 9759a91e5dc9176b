package dev.serai.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.lake.CommitRequest;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Ids;
import dev.serai.rows.Cancellation;
import dev.serai.rows.TextSource;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;

class LakeComparisonTest {
    private final Lake lake = TestLake.shared();

    @TempDir
    private Path folder;

    private Lake lakeOfSomethingElse() throws IOException {
        Files.createDirectories(folder.resolve("lake/other"));
        return new Lake(Settings.of(Map.of("serai.data-dir", folder.toString())));
    }

    private static final SyncedState AT_FOUR =
            new SyncedState("run_9", List.of(), 7, 7, 4, Instant.parse("2026-11-23T12:00:00Z"));

    private TableSnapshot commit(Dataset dataset, int rows, String watermark) {
        String ndjson = IntStream.rangeClosed(1, rows)
                .mapToObj(i -> "{\"id\":" + i + "}\n")
                .collect(Collectors.joining());
        lake.replace(
                dataset.table(),
                new TextSource(
                        TextSource.Format.NDJSON, new ByteArrayInputStream(ndjson.getBytes(StandardCharsets.UTF_8))),
                new CommitRequest(Ids.next("run"), watermark, read -> {}, new Cancellation()));
        return lake.snapshot(dataset.table()).orElseThrow();
    }

    private static SyncedState state(TableSnapshot snapshot) {
        return new SyncedState(
                "run_1",
                snapshot.columns(),
                snapshot.rows(),
                snapshot.bytes(),
                snapshot.version(),
                Instant.parse("2026-11-23T12:00:00Z"));
    }

    @ParameterizedTest
    @EnumSource
    void olderMetadataTakesOverWhatANewerLakeHas(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, lake);
        Dataset known = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "books");
        stage.datasets.synced(known, state(commit(known, 3, "3")));
        Dataset unknown = stage.dataset(stage.shelf(), "films");
        commit(known, 5, "5");
        commit(unknown, 2, null);

        new LakeComparison(new DatasetStore(stage.jdbc), new TableNotes(stage.jdbc), lake).compareAll();

        Dataset after = stage.datasets.get(stage.project, known.id());
        assertThat(after.version()).isEqualTo(1);
        assertThat(after.rows()).isEqualTo(5);
        assertThat(after.watermark()).isEqualTo("5");
        assertThat(after.lastRun()).isEqualTo("run_1");
        assertThat(stage.datasets.get(stage.project, unknown.id()).status()).isEqualTo("ready");
        assertThat(stage.datasets.get(stage.project, unknown.id()).schema()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void newerMetadataGoesBackToWhatAnOlderLakeHas(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, lake);
        Dataset dataset = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "books");
        TableSnapshot there = commit(dataset, 3, "3");
        stage.datasets.synced(
                dataset, new SyncedState("run_9", there.columns(), 900, 900, 9, Instant.parse("2026-11-23T12:00:00Z")));
        stage.datasets.setWatermark(stage.project, dataset.id(), "900");

        new LakeComparison(new DatasetStore(stage.jdbc), new TableNotes(stage.jdbc), lake).compareAll();

        Dataset after = stage.datasets.get(stage.project, dataset.id());
        assertThat(after.version()).isZero();
        assertThat(after.rows()).isEqualTo(3);
        assertThat(after.watermark()).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void forgetsTheVersionsOfATableThatTheLakeLacks(MetadataStore metadata) throws Exception {
        try (Lake other = lakeOfSomethingElse()) {
            DatasetStage stage = new DatasetStage(metadata, other);
            Dataset gone = stage.dataset(stage.shelf(), "films");
            stage.datasets.synced(gone, AT_FOUR);

            new LakeComparison(new DatasetStore(stage.jdbc), new TableNotes(stage.jdbc), other).compareAll();

            Dataset lost = stage.datasets.get(stage.project, gone.id());
            assertThat(lost.status()).isEqualTo("new");
            assertThat(lost.version()).isNull();
            assertThat(lost.rows()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changesNothingWhereTheWholeLakeIsMissing(boolean folderIsThere) throws Exception {
        if (folderIsThere) {
            Files.createDirectories(folder.resolve("lake"));
        }
        try (Lake unmounted = new Lake(Settings.of(Map.of("serai.data-dir", folder.toString())))) {
            DatasetStage stage = new DatasetStage(MetadataStore.H2, unmounted);
            Dataset dataset = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "films");
            stage.datasets.synced(dataset, AT_FOUR);
            stage.datasets.setWatermark(stage.project, dataset.id(), "900");
            Dataset before = stage.datasets.get(stage.project, dataset.id());

            new LakeComparison(new DatasetStore(stage.jdbc), new TableNotes(stage.jdbc), unmounted).compareAll();

            assertThat(stage.datasets.get(stage.project, dataset.id())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatWakesLateTakesNothingBack(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, lake);
        Dataset dataset = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "books");
        SyncedState late = state(commit(dataset, 3, null));
        SyncedState newer = state(commit(dataset, 5, null));
        assertThat(stage.datasets.synced(dataset, newer)).isTrue();

        assertThat(stage.datasets.synced(dataset, late)).isTrue();

        assertThat(stage.datasets.get(stage.project, dataset.id()).rows()).isEqualTo(5);
        assertThat(lake.snapshot(dataset.table())).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void whatALostLakeBeginsAnewIsTakenOver(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, lake);
        Dataset dataset = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "books");
        stage.datasets.synced(dataset, AT_FOUR);

        assertThat(stage.datasets.synced(dataset, state(commit(dataset, 3, null))))
                .isTrue();

        assertThat(stage.datasets.get(stage.project, dataset.id()).version()).isZero();
        assertThat(stage.datasets.get(stage.project, dataset.id()).rows()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void leavesAloneWhatAgrees(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, lake);
        Dataset dataset = stage.dataset(stage.change(stage.shelf(), "watermark_column = 'at'"), "books");
        stage.datasets.synced(dataset, state(commit(dataset, 3, null)));
        stage.datasets.setWatermark(stage.project, dataset.id(), "as a person set it");
        Dataset before = stage.datasets.get(stage.project, dataset.id());

        new LakeComparison(new DatasetStore(stage.jdbc), new TableNotes(stage.jdbc), lake).compareAll();

        assertThat(stage.datasets.get(stage.project, dataset.id())).isEqualTo(before);
    }
}
