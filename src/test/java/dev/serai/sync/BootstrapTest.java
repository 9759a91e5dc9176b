package dev.serai.sync;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorFixture;
import dev.serai.connector.NewConnector;
import dev.serai.connector.Schedule;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Json;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class BootstrapTest {
    private SyncStage stage = null;

    @AfterEach
    void close() {
        if (stage != null) {
            stage.close();
        }
    }

    private Bootstrap open(MetadataStore metadata, SourceModels models) {
        DatasetStage datasets = new DatasetStage(metadata, TestLake.shared());
        stage = new SyncStage(datasets, SyncStage::tenRows, models, SyncStage.newDataDir(), Map.of());
        return new Bootstrap(
                ConnectorFixture.connectors(metadata.dataSource(), DatasetStage.catalog(), Clock.systemUTC()),
                datasets.creation,
                DatasetStage.catalog(),
                metadata.transactions(),
                stage.discovery);
    }

    private static NewConnector shelf(String name) {
        return new NewConnector(name, DatasetStage.SHELF, null, Json.newObject(), List.of(), true);
    }

    private static BootstrapRequest request(NewConnector connector, Schedule schedule, String @Nullable ... datasets) {
        List<ObjectNode> entries = datasets == null
                ? null
                : List.of(datasets).stream()
                        .map(text -> Json.object(text.replace('\'', '"')))
                        .toList();
        return new BootstrapRequest(connector, schedule, entries);
    }

    private long connectors() {
        return stage.stage
                .jdbc
                .sql("select count(*) from data_connectors where project = ?")
                .param(stage.project)
                .query(Long.class)
                .single();
    }

    @ParameterizedTest
    @EnumSource
    void makesAConnectorWithScheduleAndDatasets(MetadataStore metadata) {
        Bootstrap bootstrap = open(metadata, (connector, stop) -> List.of());

        Bootstrapped made = bootstrap.bootstrap(
                stage.project,
                request(
                        shelf("Main shelf"),
                        new Schedule("0 6 * * 1-5", "full", "Europe/Berlin", null),
                        "{'model': 'public.books'}",
                        "{'model': 'public.maps', 'name': 'maps', 'primary_key': ['id']}"));

        Connector connector = made.connector();
        assertThat(connector.slug()).isEqualTo("main_shelf");
        assertThat(connector.scheduleCron()).isEqualTo("0 6 * * 1-5");
        assertThat(connector.scheduleTimezone()).isEqualTo("Europe/Berlin");
        assertThat(connector.discovery()).isNull();
        assertThat(made.datasets()).extracting(Dataset::name).containsExactly("main_shelf__public__books", "maps");
        assertThat(stage.stage.datasets.ofConnector(stage.project, connector.id()))
                .isEqualTo(made.datasets());
        assertThat(stage.ended(stage.start(connector)).datasets()).hasSize(2);
    }

    @Test
    void anEmptyListMakesNoDatasets() {
        Bootstrapped made = open(MetadataStore.H2, (connector, stop) -> {
                    throw new AssertionError("Nobody asked for models");
                })
                .bootstrap(stage.project, request(shelf("Main"), Schedule.NONE));

        assertThat(made.datasets()).isEmpty();
        assertThat(made.connector().discovery()).isNull();
        Run run = stage.ended(stage.start(made.connector()));
        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.datasets()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAListAllModelsAreDiscoveredInTheBackground(MetadataStore metadata) {
        CountDownLatch answer = new CountDownLatch(1);
        Bootstrap bootstrap = open(metadata, (connector, stop) -> {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of("public.books", "public.maps");
        });

        Bootstrapped made =
                bootstrap.bootstrap(stage.project, new BootstrapRequest(shelf("Main"), Schedule.NONE, null));

        assertThat(made.connector().discovery()).isEqualTo("pending");
        assertThat(made.datasets()).isEmpty();
        answer.countDown();
        await().atMost(Duration.ofSeconds(10)).until(() -> "done".equals(discovery(made.connector())));
        assertThat(stage.stage.datasets.ofConnector(
                        stage.project, made.connector().id()))
                .extracting(Dataset::name)
                .containsExactly("main__public__books", "main__public__maps");
        assertThat(stage.ended(stage.start(made.connector())).datasets()).hasSize(2);
    }

    @Test
    void aDiscoveryThatFailsIsTriedAgainByTheNextRun() {
        CountDownLatch up = new CountDownLatch(1);
        Bootstrap bootstrap = open(MetadataStore.H2, (connector, stop) -> {
            if (up.getCount() > 0) {
                throw new FailureException(new Failure.Source(Failure.Layer.CONNECT, "refused", "No.", true));
            }
            return List.of("public.books");
        });
        Connector connector = bootstrap
                .bootstrap(stage.project, new BootstrapRequest(shelf("Main"), Schedule.NONE, null))
                .connector();
        await().atMost(Duration.ofSeconds(10)).until(() -> "failed".equals(discovery(connector)));
        up.countDown();

        Run run = stage.ended(stage.start(
                stage.stage.connectors.find(stage.project, connector.id()).orElseThrow()));

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.datasets()).extracting(RunDataset::name).containsExactly("main__public__books");
        assertThat(discovery(connector)).isEqualTo("done");
    }

    @Test
    void aDiscoveryThatAProcessLeftIsTakenUpByTheNext() {
        DatasetStage datasets = new DatasetStage(MetadataStore.H2, TestLake.shared());
        Connector connector = datasets.change(datasets.shelf(), "discovery = 'pending'");

        stage = new SyncStage(
                datasets,
                SyncStage::tenRows,
                (asked, stop) -> asked.id().equals(connector.id()) ? List.of("public.books") : List.of(),
                SyncStage.newDataDir(),
                Map.of());

        await().atMost(Duration.ofSeconds(10)).until(() -> "done".equals(discovery(connector)));
        assertThat(datasets.datasets.ofConnector(stage.project, connector.id())).hasSize(1);
    }

    @Test
    void discoveringTwiceAtOnceMakesEachDatasetOnce() throws Exception {
        DatasetStage datasets = new DatasetStage(MetadataStore.POSTGRESQL, TestLake.shared());
        Connector connector = datasets.shelf();
        List<String> models =
                IntStream.range(0, 50).mapToObj(i -> "public.t" + i).toList();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var calls = Collections.nCopies(
                    4, (Callable<Object>) () -> datasets.creation.createDiscovered(connector, models));
            for (var done : pool.invokeAll(calls)) {
                done.get();
            }
        } finally {
            pool.shutdown();
        }
        assertThat(datasets.datasets.ofConnector(datasets.project, connector.id()))
                .hasSize(50);
    }

    private String discovery(Connector connector) {
        return stage.stage
                .connectors
                .find(stage.project, connector.id())
                .map(Connector::discovery)
                .orElse(null);
    }

    @ParameterizedTest
    @EnumSource
    void namesTheFaultsOfConnectorScheduleAndDatasetsAtOnceAndMakesNothing(MetadataStore metadata) {
        Bootstrap bootstrap = open(metadata, (connector, stop) -> List.of());
        NewConnector bad = new NewConnector(
                "", DatasetStage.SHELF, null, Json.object("{\"socketFactory\": \"x\"}"), List.of("sales"), true);

        FailureException thrown = catchThrowableOfType(
                FailureException.class,
                () -> bootstrap.bootstrap(
                        stage.project,
                        request(
                                bad,
                                new Schedule("* * * * * *", "sometimes", "Mars/Olympus", null),
                                "{'model': 'public.books'}",
                                "{'model': 'sales.maps', 'mode': 'x', 'connector_id': 'con_1'}",
                                "{'name': 'b'}",
                                "{'model': 'sales.atlas', 'name': 'B'}")));

        assertThat(((Failure.Invalid) thrown.failure()).errors())
                .extracting(Fault::pointer)
                .containsExactlyInAnyOrder(
                        "/name",
                        "/config/socketFactory",
                        "/schedule_cron",
                        "/schedule_mode",
                        "/schedule_timezone",
                        "/datasets/0/model",
                        "/datasets/1/mode",
                        "/datasets/1/connector_id",
                        "/datasets/2",
                        "/datasets/3/name");
        assertThat(connectors()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aTakenNameUndoesEverything(MetadataStore metadata) {
        Bootstrap bootstrap = open(metadata, (connector, stop) -> List.of());
        bootstrap.bootstrap(
                stage.project, request(shelf("First"), Schedule.NONE, "{'model': 'public.books', 'name': 'books'}"));

        for (BootstrapRequest again : List.of(
                request(shelf("Second"), Schedule.NONE, "{'model': 'a.b'}", "{'model': 'c.d', 'name': 'BOOKS'}"),
                request(shelf("FIRST"), Schedule.NONE, "{'model': 'a.b'}"))) {
            FailureException thrown =
                    catchThrowableOfType(FailureException.class, () -> bootstrap.bootstrap(stage.project, again));
            assertThat(thrown.failure().code()).isEqualTo("name_taken");
        }
        assertThat(connectors()).isEqualTo(1);
        assertThat(stage.stage.datasets.list(stage.project, 10, null, null).items())
                .hasSize(1);
    }

    @Test
    void aTypeWithNothingToReadIsRefused() {
        Bootstrap bootstrap = open(MetadataStore.H2, (connector, stop) -> List.of());
        NewConnector bell = new NewConnector("Bell", DatasetStage.BELL, null, Json.newObject(), List.of(), true);

        FailureException thrown = catchThrowableOfType(
                FailureException.class,
                () -> bootstrap.bootstrap(stage.project, new BootstrapRequest(bell, Schedule.NONE, null)));

        assertThat(((Failure.Invalid) thrown.failure()).errors())
                .extracting(Fault::pointer)
                .containsExactly("/type");
        assertThat(connectors()).isZero();
    }

    @Test
    void anIncrementalScheduleWithoutAWatermarkColumnSkipsOnlyTheDatasetsConcerned() {
        Bootstrap bootstrap = open(MetadataStore.H2, (connector, stop) -> List.of());
        Bootstrapped made = bootstrap.bootstrap(
                stage.project,
                request(
                        shelf("Main"),
                        new Schedule("@daily", "incremental", null, null),
                        "{'model': 'public.books'}",
                        "{'model': 'public.maps', 'mode': 'full'}",
                        "{'model': 'public.atlas', 'watermark_column': 'changed'}"));

        assertThat(made.datasets()).extracting(Dataset::status).containsExactly("needs_watermark", "new", "new");
        Run run = stage.ended(stage.start(made.connector()));
        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.datasets()).extracting(RunDataset::status).containsExactly("skipped", "succeeded", "succeeded");
        assertThat(run.datasets().get(0).reason()).contains("watermark");
    }
}
