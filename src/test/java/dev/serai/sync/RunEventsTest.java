package dev.serai.sync;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RunEventsTest {
    private final CountDownLatch hold = new CountDownLatch(1);
    private SyncStage stage = null;

    @AfterEach
    void close() {
        hold.countDown();
        if (stage != null) {
            stage.close();
        }
    }

    private Run start(MetadataStore metadata, DatasetFlow flow) {
        stage = new SyncStage(metadata, flow);
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");
        stage.stage.dataset(shelf, "public.maps");
        return stage.start(shelf);
    }

    @ParameterizedTest
    @EnumSource
    void tellsARunFromItsStartToItsEndInOrder(MetadataStore metadata) throws Exception {
        Run run = start(metadata, SyncStage::tenRows);
        Told told = new Told();

        stage.syncs.events(stage.project, run.id()).subscribe(null, told);

        assertThat(told.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.types())
                .startsWith("run.started")
                .endsWith("run.finished")
                .hasSize(6);
        assertThat(told.types()).filteredOn("dataset.started"::equals).hasSize(2);
        for (Dataset dataset :
                stage.stage.datasets.list(stage.project, 10, null, null).items()) {
            assertThat(told.events)
                    .filteredOn(
                            event -> event.data().path("dataset_id").asText().equals(dataset.id()))
                    .extracting(RunEvent::type)
                    .containsExactly("dataset.started", "dataset.finished");
        }
        assertThat(told.events).extracting(RunEvent::id).isSorted().doesNotHaveDuplicates();
        assertThat(told.events.get(5).data().path("status").asText()).isEqualTo("succeeded");
        assertThat(told.events)
                .filteredOn(event -> event.type().equals("dataset.finished"))
                .allMatch(event -> event.data().path("rows_written").asLong() == 10);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterTheLastEventThatWasSeen(MetadataStore metadata) throws Exception {
        Run run = stage(metadata);
        List<RunEvent> all = stage.syncs.events(stage.project, run.id()).after(null);
        Told told = new Told();

        stage.syncs
                .events(stage.project, run.id())
                .subscribe(String.valueOf(all.get(2).id()), told);

        assertThat(told.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.events).isEqualTo(all.subList(3, all.size()));
        assertThat(stage.syncs.events(stage.project, run.id()).after("not a number"))
                .isEqualTo(all);
    }

    /** As a browser's EventSource does by itself when its stream has ended. */
    @ParameterizedTest
    @EnumSource
    void endsAtOnceForAClientThatHasSeenTheLastEvent(MetadataStore metadata) throws Exception {
        Run run = stage(metadata);
        RunEvents events = stage.syncs.events(stage.project, run.id());
        List<RunEvent> all = events.after(null);
        Told told = new Told();

        events.subscribe(String.valueOf(all.get(all.size() - 1).id()), told);

        assertThat(told.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999", "9223372036854775807", "99999999999999999999", "-1"})
    void beginsWithTheFirstEventAfterAnIdThatNoEventHas(String id) throws Exception {
        Run run = stage(MetadataStore.H2);
        RunEvents events = stage.syncs.events(stage.project, run.id());
        Told told = new Told();

        events.subscribe(id, told);

        assertThat(told.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.events).isEqualTo(events.after(null));
    }

    private Run stage(MetadataStore metadata) {
        Run run = start(metadata, SyncStage::tenRows);
        return stage.ended(run);
    }

    @Test
    void tellsHowFarItIsWhileItRuns() throws Exception {
        Run run = start(MetadataStore.H2, sync -> {
            sync.read(4711);
            hold.await();
            return SyncStage.tenRows(sync);
        });
        Told told = new Told();
        RunEvents events = stage.syncs.events(stage.project, run.id());

        events.subscribe(null, told);

        await().atMost(Duration.ofSeconds(10)).until(() -> told.types().contains("progress"));
        RunEvent progress = told.events.stream()
                .filter(event -> event.type().equals("progress"))
                .findFirst()
                .orElseThrow();
        assertThat(progress.data().path("rows").asLong()).isEqualTo(4711);
        assertThat(progress.data().path("phase").asText()).isEqualTo("opening");
        assertThat(progress.data().path("bytes").isNull()).isTrue();
        assertThat(progress.data().path("rows_left").isNull()).isTrue();
        assertThat(stage.syncs.get(stage.project, run.id()).datasets())
                .filteredOn(dataset -> dataset.progress() != null)
                .allMatch(dataset -> dataset.progress().rows() == 4711)
                .isNotEmpty();
        hold.countDown();
        assertThat(told.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(events.after(null)).extracting(RunEvent::type).doesNotContain("progress");
        assertThat(stage.syncs.get(stage.project, run.id()).datasets()).allMatch(dataset -> dataset.progress() == null);
    }

    @Test
    void tellsNothingOnceClosed() {
        Run run = start(MetadataStore.H2, sync -> {
            hold.await();
            return SyncStage.tenRows(sync);
        });
        Told closed = new Told();
        Told open = new Told();
        RunEvents.Subscription subscription =
                stage.syncs.events(stage.project, run.id()).subscribe(null, closed);
        subscription.close();
        int told = closed.events.size();
        stage.syncs.events(stage.project, run.id()).subscribe(null, open);

        hold.countDown();

        await().until(() -> open.ended.getCount() == 0);
        assertThat(closed.events).hasSize(told);
        assertThat(closed.ended.getCount()).isEqualTo(1);
    }

    @Test
    void saysThatTheJournalCannotBeReadAndNotThatTheRunHasEnded() throws Exception {
        JdbcClient noJournal = JdbcClient.create(new DriverManagerDataSource("jdbc:h2:mem:no-journal"));
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        Told told = new Told();
        try {
            new RunEvents(new RunEventStore(noJournal), threads, "run_1").subscribe(null, told);

            assertThat(told.failed.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(told.ended.getCount()).isEqualTo(1);
    }

    /** Remembers what it was told. */
    private static final class Told implements RunEvents.Listener {
        private final List<RunEvent> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch failed = new CountDownLatch(1);

        @Override
        public void event(RunEvent event) {
            events.add(event);
        }

        @Override
        public void end() {
            ended.countDown();
        }

        @Override
        public void failed(RuntimeException reason) {
            failed.countDown();
        }

        List<String> types() {
            return events.stream().map(RunEvent::type).toList();
        }
    }
}
