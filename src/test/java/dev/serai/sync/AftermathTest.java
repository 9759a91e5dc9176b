package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.rows.RowSource;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;

/** Processes that died between the commit of an incremental sync and its note. */
class AftermathTest {
    private static final List<Column> COLUMNS =
            List.of(Column.of("id", LogicalType.of(Kind.BIGINT)), Column.of("at", LogicalType.of(Kind.INTEGER)));

    private static RowSource rows(@Nullable Object[]... rows) {
        return new RecordSource(COLUMNS, List.of(rows).iterator(), () -> {});
    }

    /** What the route does. */
    private static DatasetResult work(
            DatasetStage stage, Connector shelf, Dataset dataset, String run, Map<String, RowSource> answers) {
        SyncReader reader = new SyncReader(
                (connector, request, stop) -> answers.get(kind(request)),
                stage.datasets,
                stage.lake,
                Clock.systemUTC());
        try (DatasetSync sync = new DatasetSync(run, shelf, dataset, SyncMode.of(null, dataset, shelf))) {
            return (DatasetResult) new SyncWriter(stage.lake, reader).write(reader.open(sync));
        }
    }

    private static String kind(ObjectNode request) {
        return !request.has("window") ? "keys" : request.at("/window").has("from") ? "window" : "all";
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatAMergeDidAndTakesOverItsPosition(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = stage.shelf();
        Dataset books = stage.datasets.create(
                stage.project,
                Json.object(
                        "{\"connector_id\": \"" + shelf.id() + "\", \"model\": \"books\", \"mode\": \"incremental\","
                                + " \"watermark_column\": \"at\", \"primary_key\": [\"id\"], \"detect_deletes\": \"hard\"}"));
        DatasetResult first =
                work(stage, shelf, books, "run_1", Map.of("all", rows(new Object[] {1L, 1}, new Object[] {2L, 2})));
        stage.datasets.synced(books, first.state());
        Dataset begun = stage.datasets.get(stage.project, books.id());
        RunDataset left = RunDataset.queued(begun, "incremental").running();
        work(
                stage,
                shelf,
                begun,
                "run_2",
                Map.of(
                        "window",
                        rows(new Object[] {2L, 2}, new Object[] {3L, 7}),
                        "keys",
                        rows(new Object[] {2L, 2}, new Object[] {3L, 7})));
        assertThat(stage.datasets.get(stage.project, books.id()).watermark()).isEqualTo("2");

        RunDataset outcome =
                new Aftermath(stage.datasets, stage.lake).of(stage.project, "run_2", left, Times.stored(Instant.now()));

        assertThat(outcome.status()).isEqualTo("succeeded");
        assertThat(outcome.mode()).isEqualTo("incremental");
        assertThat(outcome.rowsRead()).isEqualTo(2);
        assertThat(outcome.rowsWritten()).isEqualTo(1);
        assertThat(outcome.rowsDeleted()).isEqualTo(1);
        assertThat(outcome.version()).isEqualTo(1);
        assertThat(outcome.watermarkBefore()).isEqualTo("2");
        assertThat(outcome.watermarkAfter()).isEqualTo("7");
        Dataset after = stage.datasets.get(stage.project, books.id());
        assertThat(after.watermark()).isEqualTo("7");
        assertThat(after.watermarkOf()).isEqualTo("at");
        assertThat(after.version()).isEqualTo(1);
        assertThat(after.rows()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aPositionThatNobodyNotedIsTakenFromTheLake(MetadataStore metadata) {
        DatasetStage stage = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = stage.shelf();
        Dataset books = stage.datasets.create(
                stage.project,
                Json.object(
                        "{\"connector_id\": \"" + shelf.id() + "\", \"model\": \"books\", \"mode\": \"incremental\","
                                + " \"watermark_column\": \"at\", \"primary_key\": [\"id\"]}"));
        DatasetResult first = work(stage, shelf, books, "run_1", Map.of("all", rows(new Object[] {1L, 1})));
        assertThat(stage.datasets.get(stage.project, books.id()).version()).isNull();

        DatasetResult second =
                work(stage, shelf, books, "run_2", Map.of("window", rows(new Object[] {1L, 1}, new Object[] {2L, 2})));

        assertThat(first.mode()).isEqualTo("full");
        assertThat(second.mode()).isEqualTo("incremental");
        assertThat(second.watermarkBefore()).isEqualTo("1");
        stage.datasets.synced(books, second.state());
        assertThat(stage.datasets.get(stage.project, books.id()).watermark()).isEqualTo("2");
    }
}
