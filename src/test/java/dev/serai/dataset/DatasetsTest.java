package dev.serai.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.connector.Connector;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.lake.Lake;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class DatasetsTest {
    private final DatasetStage stage = new DatasetStage(MetadataStore.H2, TestLake.shared());
    private final Datasets datasets = stage.datasets;

    private static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"'));
    }

    private List<String> faults(Runnable call) {
        FailureException thrown = catchThrowableOfType(FailureException.class, call::run);
        assertThat(thrown.failure()).isInstanceOf(Failure.Invalid.class);
        return ((Failure.Invalid) thrown.failure())
                .errors().stream().map(Fault::pointer).toList();
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatItWasGiven(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = there.shelf();

        Dataset dataset = there.datasets.create(
                there.project,
                json(
                        """
                {'connector_id': '%s', 'model': 'public.books', 'name': 'Books', 'mode': 'incremental',
                 'watermark_column': 'changed', 'primary_key': ['id', 'part'], 'lookback': 'PT1H',
                 'schema_policy': 'evolve', 'detect_deletes': 'soft', 'parallelism': 4, 'columns': ['id', 'part', 'changed'],
                 'filter': 'id > 0', 'readers': ['press']}
                """
                                .formatted(shelf.id())));

        assertThat(there.datasets.get(there.project, dataset.id())).isEqualTo(dataset);
        assertThat(dataset.name()).isEqualTo("Books");
        assertThat(dataset.model()).isEqualTo("public.books");
        assertThat(dataset.mode()).isEqualTo("incremental");
        assertThat(dataset.watermarkColumn()).isEqualTo("changed");
        assertThat(dataset.primaryKey()).containsExactly("id", "part");
        assertThat(dataset.lookback()).isEqualTo("PT1H");
        assertThat(dataset.detectDeletes()).isEqualTo("soft");
        assertThat(dataset.parallelism()).isEqualTo(4);
        assertThat(dataset.columns()).containsExactly("id", "part", "changed");
        assertThat(dataset.filter()).isEqualTo("id > 0");
        assertThat(dataset.readers()).containsExactly("press");
        assertThat(dataset.status()).isEqualTo("new");
        assertThat(dataset.connectorStatus()).isEqualTo("active");
        assertThat(dataset.version()).isNull();
        assertThat(there.datasets.byName(there.project, "bOOKS")).contains(dataset);
    }

    @Test
    void namesADatasetAfterConnectorAndModel() {
        Connector shelf = stage.shelf();
        assertThat(stage.dataset(shelf, "Sales Dept.Big-Orders 2026").name())
                .isEqualTo("main_shelf__sales_dept__big_orders_2026");
        assertThat(stage.dataset(shelf, "books").name()).isEqualTo("main_shelf__books");
        String longest = stage.dataset(shelf, "public." + "x".repeat(300)).name();
        assertThat(longest).hasSize(128).startsWith("main_shelf__public__xxx");
        assertThat(stage.dataset(shelf, "public." + "x".repeat(301)).name()).isNotEqualTo(longest);
    }

    @ParameterizedTest
    @EnumSource
    void aNameIsTakenWhateverItsCase(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = there.shelf();
        Dataset books = there.dataset(shelf, "public.books");
        ObjectNode again = json("{'connector_id': '%s', 'query': 'select 1', 'name': '%s'}"
                .formatted(shelf.id(), books.name().toUpperCase(Locale.ROOT)));

        assertThatThrownBy(() -> there.datasets.create(there.project, again))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("name_taken"));
        DatasetStage elsewhere = new DatasetStage(metadata, TestLake.shared());
        assertThat(elsewhere.dataset(elsewhere.shelf(), "public.books").name()).isEqualTo(books.name());
    }

    @Test
    void namesEveryFaultAtOnceAndChangesNothing() {
        ObjectNode bad = json(
                """
                {'connector_id': 'con_none', 'model': 'a.b', 'query': 'select 1', 'name': 'no spaces', 'mode': 'sometimes',
                 'watermark_column': 7, 'primary_key': ['id', 'id', 3], 'lookback': '-PT1H', 'schema_policy': 'fail',
                 'columns': 'id', 'filter': 7, 'detect_deletes': 'maybe', 'readers': [''], 'parallelism': 17, 'colour': 'blue', 'a/b': 1}
                """);

        assertThat(faults(() -> datasets.create(stage.project, bad)))
                .containsExactlyInAnyOrder(
                        "/connector_id",
                        "",
                        "/name",
                        "/mode",
                        "/watermark_column",
                        "/primary_key/1",
                        "/primary_key/2",
                        "/lookback",
                        "/schema_policy",
                        "/columns",
                        "/filter",
                        "/detect_deletes",
                        "/readers/0",
                        "/parallelism",
                        "/colour",
                        "/a~1b");
        assertThat(datasets.list(stage.project, 10, null, null).items()).isEmpty();
        assertThat(faults(() -> datasets.create(stage.project, json("{}"))))
                .containsExactlyInAnyOrder("/connector_id", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/filter; 'query': 'select 1', 'name': 'x', 'filter': 'a > 1'",
                "/detect_deletes; 'query': 'select 1', 'name': 'x', 'detect_deletes': 'hard'",
                "/columns; 'model': 'a.b', 'watermark_column': 'at', 'columns': ['id']",
                "/columns; 'model': 'a.b', 'watermark_column': 'at', 'primary_key': ['id'], 'columns': ['at']",
                "/columns; 'model': 'a.b', 'watermark_column': 'xmin', 'primary_key': ['id'], 'columns': ['at']",
                "/watermark_column; 'query': 'select 1', 'name': 'x', 'watermark_column': 'xmin'",
                "/lookback; 'model': 'a.b', 'watermark_column': 'xmin', 'lookback': '7'"
            })
    void refusesWhatNoSyncCouldDo(String pointer, String fields) {
        ObjectNode json =
                json("{'connector_id': '%s', %s}".formatted(stage.shelf().id(), fields.strip()));
        assertThat(faults(() -> datasets.create(stage.project, json))).containsExactly(pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "a-b", "a b", "a;b", "\u00e4", "a\"b"})
    void refusesNamesThatSqlWouldHaveToQuote(String name) {
        ObjectNode json = json("{'connector_id': '%s', 'model': 'public.books'}"
                        .formatted(stage.shelf().id()))
                .put("name", name);
        assertThat(faults(() -> datasets.create(stage.project, json))).containsExactly("/name");
    }

    @Test
    void takesNamesUpToTheirLimit() {
        ObjectNode json = json("{'connector_id': '%s', 'model': 'public.books'}"
                .formatted(stage.shelf().id()));
        assertThat(faults(() -> datasets.create(stage.project, json.put("name", "x".repeat(129)))))
                .containsExactly("/name");
        assertThat(datasets.create(stage.project, json.put("name", "x".repeat(128)))
                        .name())
                .hasSize(128);
    }

    @Test
    void refusesWhatTheConnectorCannotGive() {
        Connector bell = stage.connector(DatasetStage.BELL);
        Connector shelf = stage.change(stage.shelf(), "output_schemas = '[\"sales\"]'");

        assertThat(faults(() -> stage.dataset(bell, "public.books"))).containsExactly("/connector_id");
        assertThat(faults(() -> stage.dataset(shelf, "public.books"))).containsExactly("/model");
        assertThat(faults(() -> datasets.create(
                        stage.project,
                        json("{'connector_id': '%s', 'path': 'a/b', 'name': 'x'}".formatted(shelf.id())))))
                .containsExactly("/path");
        assertThat(stage.dataset(shelf, "sales.books").model()).isEqualTo("sales.books");
    }

    @Test
    void aPatchChangesWhatItNamesAndClearsWithNull() {
        Connector shelf = stage.shelf();
        Dataset books = datasets.create(
                stage.project,
                json(
                        """
                {'connector_id': '%s', 'model': 'public.books', 'mode': 'full', 'primary_key': ['id'], 'readers': ['press']}
                """
                                .formatted(shelf.id())));

        Dataset patched = datasets.patch(
                stage.project, books.id(), json("{'name': 'books', 'mode': null, 'readers': ['a', 'b']}"));

        assertThat(patched.name()).isEqualTo("books");
        assertThat(patched.mode()).isNull();
        assertThat(patched.readers()).containsExactly("a", "b");
        assertThat(patched.primaryKey()).containsExactly("id");
        assertThat(patched.updatedAt()).isAfterOrEqualTo(books.updatedAt());
        assertThat(datasets.patch(stage.project, books.id(), json("{'primary_key': null}"))
                        .primaryKey())
                .isEmpty();
        assertThat(datasets.byName(stage.project, books.name())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void patchesAtTheSameTimeKeepWhatTheOtherChanged(MetadataStore metadata) throws Exception {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Dataset books = there.dataset(there.shelf(), "public.books");
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 40; i++) {
                List<Callable<Dataset>> patches = List.of(
                        patch(there, books, together, "{'readers': ['group%d']}".formatted(i)),
                        patch(there, books, together, "{'lookback': '%d'}".formatted(i)));
                for (Future<Dataset> done : pool.invokeAll(patches)) {
                    done.get();
                }
                Dataset now = there.datasets.get(there.project, books.id());
                assertThat(now.readers()).containsExactly("group" + i);
                assertThat(now.lookback()).isEqualTo("" + i);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static Callable<Dataset> patch(DatasetStage there, Dataset dataset, CyclicBarrier together, String patch) {
        return () -> {
            together.await();
            return there.datasets.patch(there.project, dataset.id(), json(patch));
        };
    }

    @Test
    void aPatchWithFaultsNamesThemAllAndChangesNothing() {
        Dataset books = stage.dataset(stage.shelf(), "public.books");
        ObjectNode bad = json(
                "{'name': null, 'mode': 'x', 'model': 'public.maps', 'id': 'dat_1', 'readers': [1], 'lookback': {}}");

        assertThat(faults(() -> datasets.patch(stage.project, books.id(), bad)))
                .containsExactlyInAnyOrder("/name", "/mode", "/model", "/id", "/readers/0", "/lookback");
        assertThat(datasets.get(stage.project, books.id())).isEqualTo(books);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "17", "1.5", "'2'", "true", "[2]", "1e400", "99999999999999999999"})
    void aReadIsSpreadOverOneToSixteenConnections(String parallelism) {
        Dataset books = stage.dataset(stage.shelf(), "public.books");
        assertThat(books.parallelism()).isEqualTo(1);
        datasets.patch(stage.project, books.id(), json("{'parallelism': 16}"));

        assertThat(faults(() -> datasets.patch(
                        stage.project, books.id(), json("{'parallelism': " + parallelism + ", 'mode': 'x'}"))))
                .containsExactlyInAnyOrder("/parallelism", "/mode");
        assertThat(datasets.patch(stage.project, books.id(), json("{'mode': 'full'}"))
                        .parallelism())
                .isEqualTo(16);
        assertThat(datasets.patch(stage.project, books.id(), json("{'parallelism': null}"))
                        .parallelism())
                .isEqualTo(1);
    }

    @Test
    void isInvisibleFromOtherProjects() {
        Dataset books = stage.dataset(stage.shelf(), "public.books");
        for (String id : List.of(books.id(), "dat_none", "'; drop table datasets", "")) {
            assertThatThrownBy(() -> datasets.get("elsewhere", id))
                    .isInstanceOfSatisfying(
                            FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Missing.class));
        }
        assertThat(datasets.byName("elsewhere", books.name())).isEmpty();
        assertThat(datasets.list("elsewhere", 10, null, null).items()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatStayedWhenTheirDatasetWasDeletedGoAtTheNextStart(MetadataStore metadata, @TempDir Path data)
            throws Exception {
        try (Lake lake = new Lake(Settings.of(Map.of("serai.data-dir", data.toString())))) {
            DatasetStage there = new DatasetStage(metadata, lake);
            Dataset books = there.dataset(there.shelf(), "public.books");
            Path rows = Files.createDirectories(
                    data.resolve("lake").resolve(there.project).resolve(books.id()));
            Path inTheWay = Files.createFile(data.resolve("lake/.dropped"));

            there.datasets.delete(there.project, books.id());
            assertThat(there.datasets.byName(there.project, books.name())).isEmpty();
            there.datasets.dropDeleted();
            assertThat(rows).exists();

            Files.delete(inTheWay);
            there.datasets.dropDeleted();
            assertThat(rows).doesNotExist();
            assertThat(new DatasetStore(there.jdbc).dropped()).doesNotContain(books.table());
        }
    }

    @Test
    void knowsHowItsConnectorIs() {
        Connector shelf = stage.shelf();
        Dataset books = stage.dataset(shelf, "public.books");
        stage.change(shelf, "enabled = false");
        assertThat(datasets.get(stage.project, books.id()).connectorStatus()).isEqualTo("disabled");
        stage.delete(shelf);
        assertThat(datasets.get(stage.project, books.id()).connectorStatus()).isEqualTo("deleted");
    }

    @Test
    void needsAWatermarkColumnWhereItIsIncrementalAndNobodyNamesOne() {
        Connector shelf = stage.shelf();
        Dataset books = datasets.create(
                stage.project,
                json("{'connector_id': '%s', 'model': 'public.books', 'mode': 'incremental'}".formatted(shelf.id())));
        assertThat(books.status()).isEqualTo("needs_watermark");
        stage.change(shelf, "watermark_column = 'changed'");
        assertThat(datasets.get(stage.project, books.id()).status()).isEqualTo("new");
    }

    @ParameterizedTest
    @EnumSource
    void remembersHowItsLastSyncsWent(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Dataset books = there.dataset(there.shelf(), "public.books");
        LogicalType text = LogicalType.of(LogicalType.Kind.VARCHAR);
        List<Column> columns = List.of(
                new Column("id", LogicalType.decimal(10, 2), "numeric(10,2)", false, true, true),
                Column.of("title", text));
        Instant read = Instant.parse("2026-11-23T10:00:00.123456Z");

        assertThat(there.datasets.synced(books, new SyncedState("run_1", columns, 7, 700, 3, read)))
                .isTrue();
        Dataset ready = there.datasets.get(there.project, books.id());
        assertThat(ready.status()).isEqualTo("ready");
        assertThat(ready.schema()).isEqualTo(columns);
        assertThat(ready.primaryKey()).containsExactly("id");
        assertThat(ready.rows()).isEqualTo(7);
        assertThat(ready.bytes()).isEqualTo(700);
        assertThat(ready.version()).isEqualTo(3);
        assertThat(ready.freshness()).isEqualTo(read);

        there.datasets.failed(books.id(), "run_2", "no such table");
        Dataset failed = there.datasets.get(there.project, books.id());
        assertThat(failed.status()).isEqualTo("failed");
        assertThat(failed.lastRun()).isEqualTo("run_2");
        assertThat(failed.rows()).isEqualTo(7);
        assertThat(failed.freshness()).isEqualTo(read);
    }

    @ParameterizedTest
    @EnumSource
    void storesAndClearsTheWatermark(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = there.change(there.shelf(), "watermark_column = 'at'");
        Dataset books = there.dataset(shelf, "public.books");
        Dataset set = there.datasets.setWatermark(there.project, books.id(), "2026-01-01");
        assertThat(set.watermark()).isEqualTo("2026-01-01");
        assertThat(set.watermarkOf()).isEqualTo("at");
        Dataset cleared = there.datasets.setWatermark(there.project, books.id(), null);
        assertThat(cleared.watermark()).isNull();
        assertThat(cleared.watermarkOf()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aPositionIsOfTheWatermarkColumnAndReadByItsType(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Connector shelf = there.shelf();
        Dataset books = there.dataset(shelf, "public.books");
        assertThat(faults(() -> there.datasets.setWatermark(there.project, books.id(), "7")))
                .containsExactly("/value");
        there.change(shelf, "watermark_column = 'at'");
        there.datasets.synced(
                books,
                new SyncedState(
                        "run_1",
                        List.of(Column.of("at", LogicalType.of(LogicalType.Kind.TIMESTAMPTZ))),
                        0,
                        0,
                        0,
                        Times.stored(Instant.now())));

        assertThat(there.datasets
                        .setWatermark(there.project, books.id(), "2026-03-29T03:00:00.5+02:00")
                        .watermark())
                .isEqualTo("2026-03-29 01:00:00.5+00");
        assertThatThrownBy(() -> there.datasets.setWatermark(there.project, books.id(), "2026-03-29 03:00:00"))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(
                                ((Failure.Invalid) e.failure()).errors().get(0).message())
                        .isEqualTo("must be a position of the column at, written like"
                                + " 2024-01-31 10:00:00.123456+00"));
    }

    @ParameterizedTest
    @EnumSource
    void aPositionSetDuringASyncOutlivesIt(MetadataStore metadata) {
        DatasetStage there = new DatasetStage(metadata, TestLake.shared());
        Dataset books = there.dataset(there.change(there.shelf(), "watermark_column = 'at'"), "public.books");
        there.datasets.synced(books, state(0, new SyncedPosition("5", "at", null)));
        assertThat(there.datasets.get(there.project, books.id()).watermark()).isEqualTo("5");

        there.datasets.setWatermark(there.project, books.id(), "3");
        there.datasets.synced(books, state(1, new SyncedPosition("9", "at", "5")));
        assertThat(there.datasets.get(there.project, books.id()).watermark()).isEqualTo("3");

        there.datasets.synced(books, state(2, new SyncedPosition("9", "at", "3")));
        there.datasets.synced(books, state(2, new SyncedPosition("9", "at", "3")));
        assertThat(there.datasets.get(there.project, books.id()).watermark()).isEqualTo("9");
        assertThat(there.datasets.get(there.project, books.id()).watermarkOf()).isEqualTo("at");
    }

    private static SyncedState state(long version, SyncedPosition position) {
        return new SyncedState("run_1", List.of(), 0, 0, version, Times.stored(Instant.now()), position);
    }

    @Test
    void viewersSeeWhatHasNoReadersOrOneOfTheirGroups() {
        Connector shelf = stage.shelf();
        for (int i = 0; i < 6; i++) {
            String readers = List.of("[]", "['press']", "['law', 'press']").get(i % 3);
            datasets.create(
                    stage.project,
                    json("{'connector_id': '%s', 'model': 'm%d', 'readers': %s}".formatted(shelf.id(), i, readers)));
        }
        Caller law = new Caller("v", stage.project, Set.of(Role.VIEWER), Set.of("law"));
        Caller member = new Caller("m", stage.project, Set.of(Role.MEMBER), Set.of());
        Caller foreign = new Caller("f", "elsewhere", Set.of(Role.ADMIN), Set.of());

        Page<Dataset> first = datasets.list(stage.project, 3, null, law);
        Page<Dataset> second = datasets.list(stage.project, 3, first.nextCursor(), law);
        assertThat(first.items()).extracting(Dataset::model).containsExactly("m0", "m2", "m3");
        assertThat(second.items()).extracting(Dataset::model).containsExactly("m5");
        assertThat(second.nextCursor()).isNull();
        assertThat(datasets.list(stage.project, 10, null, null).items()).hasSize(6);
        assertThat(datasets.readableBy(first.items().get(1), law)).isTrue();
        Dataset press = datasets.byName(stage.project, "main_shelf__m1").orElseThrow();
        assertThat(datasets.readableBy(press, law)).isFalse();
        assertThat(datasets.readableBy(press, member)).isTrue();
        assertThat(datasets.readableBy(press, foreign)).isFalse();
    }
}
