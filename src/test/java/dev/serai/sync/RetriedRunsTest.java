package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.CannotAcquireLockException;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Failures that pass: the run waits and tries again, and says so. */
class RetriedRunsTest {
    private static final Duration AT_MOST = Duration.ofSeconds(5);
    private static final FailureException AWAY = new FailureException(
            new Failure.Source(Failure.Layer.CONNECT, "connection_refused", "Nobody there.", true));

    private final List<SyncStage> stages = new ArrayList<>();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        stages.forEach(SyncStage::close);
    }

    private SyncStage stage(MetadataStore metadata, String retry, DatasetFlow flow) {
        return stage(metadata, Map.of("serai.sync.retry", retry), flow, (connector, stop) -> List.of());
    }

    private SyncStage stage(
            MetadataStore metadata, Map<String, String> settings, DatasetFlow flow, SourceModels models) {
        SyncStage stage = new SyncStage(
                new DatasetStage(metadata, TestLake.shared()),
                flow,
                models,
                SyncStage.newDataDir(),
                new HashMap<>(settings));
        stages.add(stage);
        return stage;
    }

    private int attempt(DatasetSync sync) {
        return attempts.computeIfAbsent(sync.dataset().id(), id -> new AtomicInteger())
                .incrementAndGet();
    }

    private boolean waits(Dataset dataset) {
        return attempts.containsKey(dataset.id());
    }

    private DatasetResult neverThere(DatasetSync sync) {
        attempt(sync);
        throw AWAY;
    }

    private static List<ObjectNode> events(SyncStage stage, Run run, String type) {
        return stage.events.after(run.id(), 0).stream()
                .filter(event -> event.type().equals(type))
                .map(RunEvent::data)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsForAWhileSucceedsAndTellsItsAttempts(MetadataStore metadata) {
        List<DatasetSync> syncs = new CopyOnWriteArrayList<>();
        SyncStage stage = stage(metadata, "4s", sync -> {
            syncs.add(sync);
            if (attempt(sync) <= 2) {
                sync.read(5);
                throw AWAY;
            }
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(syncs).hasSize(3).doesNotHaveDuplicates();
        assertThat(SyncStage.of(run, books).rowsRead()).isEqualTo(10);
        assertThat(SyncStage.of(run, books).warnings())
                .containsExactly(new RunWarning("retried", null, 2L, "It was tried 3 times. Before: Nobody there."));
        assertThat(events(stage, run, "dataset.started")).hasSize(1);
        List<ObjectNode> retrying = events(stage, run, "dataset.retrying");
        assertThat(retrying).extracting(data -> data.path("attempt").asInt()).containsExactly(2, 3);
        assertThat(retrying).allSatisfy(data -> {
            assertThat(data.path("dataset_id").asText()).isEqualTo(books.id());
            assertThat(data.path("wait_ms").asLong()).isPositive();
            assertThat(data.at("/error/code").asText()).isEqualTo("connection_refused");
            assertThat(data.at("/error/layer").asText()).isEqualTo("connect");
        });
        assertThat(stage.stage.datasets.get(stage.project, books.id()).status()).isEqualTo("ready");
    }

    @Test
    void whatDoesNotPassFailsWithItsLastFailureAndTheNumberOfItsAttempts() {
        SyncStage stage = stage(MetadataStore.H2, "400ms", this::neverThere);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("failed");
        RunDataset outcome = SyncStage.of(run, books);
        assertThat(outcome.error()).isEqualTo(RunError.of(AWAY.failure()));
        int tried = attempts.get(books.id()).get();
        assertThat(tried).isGreaterThan(3);
        assertThat(outcome.warnings()).extracting(RunWarning::count).containsExactly(tried - 1L);
    }

    @Test
    void whatNobodyElseCanMendIsNotTriedAgain() {
        SyncStage stage = stage(MetadataStore.H2, "2m", sync -> {
            attempt(sync);
            throw new FailureException(
                    new Failure.Source(Failure.Layer.AUTHENTICATE, "unauthorized", "Wrong password.", false));
        });
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(SyncStage.of(run, books).error()).extracting(RunError::code).isEqualTo("unauthorized");
        assertThat(SyncStage.of(run, books).warnings()).isEmpty();
        assertThat(attempts.get(books.id())).hasValue(1);
    }

    @Test
    void aMetadataDatabaseThatIsBusyIsTriedAgainToo() {
        SyncStage stage = stage(MetadataStore.H2, "2s", sync -> {
            if (attempt(sync) == 1) {
                throw new CannotAcquireLockException("planted");
            }
            return SyncStage.tenRows(sync);
        });
        Connector shelf = stage.stage.shelf();
        stage.stage.dataset(shelf, "public.books");

        assertThat(stage.ended(stage.start(shelf)).status()).isEqualTo("succeeded");
    }

    @Test
    void aBeginningThatCouldNotBeWrittenDownIsTriedAgainToo() {
        SyncStage stage = stage(MetadataStore.POSTGRESQL, "4s", SyncStage::tenRows);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        String trigger = "refusal_" + books.id();
        stage.stage
                .jdbc
                .sql("create function " + trigger + "() returns trigger language plpgsql as $$ begin"
                        + " if new.dataset_id = '" + books.id() + "' and new.status = 'running' then"
                        + " raise exception using errcode = '40001', message = 'busy'; end if; return new; end $$")
                .update();
        stage.stage
                .jdbc
                .sql("create trigger " + trigger + " before update on run_datasets for each row" + " execute function "
                        + trigger + "()")
                .update();
        Run run;
        try {
            run = stage.start(shelf);
            await().until(() -> !events(stage, run, "dataset.retrying").isEmpty());
        } finally {
            stage.stage.jdbc.sql("drop function " + trigger + "() cascade").update();
        }
        Run ended = stage.ended(run);

        assertThat(ended.status()).isEqualTo("succeeded");
        assertThat(events(stage, ended, "dataset.started")).hasSize(1);
        assertThat(events(stage, ended, "dataset.retrying"))
                .allSatisfy(data -> assertThat(data.at("/error/code").asText()).isEqualTo("metadata_unreachable"));
    }

    @ParameterizedTest
    @EnumSource
    void cancellingEndsTheWait(MetadataStore metadata) {
        SyncStage stage = stage(metadata, "1h", this::neverThere);
        Connector shelf = stage.stage.shelf();
        List<Dataset> all = List.of(
                stage.stage.dataset(shelf, "public.a"),
                stage.stage.dataset(shelf, "public.b"),
                stage.stage.dataset(shelf, "public.c"));
        Run run = stage.start(shelf);
        await().until(() -> all.stream().allMatch(this::waits));
        assertThat(stage.syncs.get(stage.project, run.id()).ended()).isFalse();

        Instant asked = Instant.now();
        stage.syncs.cancel(stage.project, run.id());
        Run ended = stage.ended(run);

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(ended.status()).isEqualTo("cancelled");
        assertThat(ended.datasets()).allSatisfy(one -> {
            assertThat(one.status()).isEqualTo("cancelled");
            assertThat(one.reason()).isEqualTo("The run was cancelled.");
        });
    }

    @Test
    void theTimeLimitOfTheRunCountsTheWaits() {
        SyncStage stage = stage(
                MetadataStore.H2,
                Map.of("serai.sync.retry", "1h", "serai.sync.timeout", "1500ms"),
                this::neverThere,
                (connector, stop) -> List.of());
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.reason()).isEqualTo("The run took longer than syncs may.");
        assertThat(SyncStage.of(run, books).error()).extracting(RunError::code).isEqualTo("timeout");
        assertThat(SyncStage.of(run, books).warnings())
                .extracting(RunWarning::code)
                .containsExactly("retried");
    }

    @Test
    void whoWaitsTakesNobodysWorker() {
        SyncStage stage = stage(
                MetadataStore.H2,
                Map.of("serai.sync.retry", "1h", "serai.sync.parallelism", "1"),
                sync -> {
                    if (sync.connector().slug().equals("main_shelf")) {
                        return neverThere(sync);
                    }
                    return SyncStage.tenRows(sync);
                },
                (connector, stop) -> List.of());
        Connector away = stage.stage.shelf();
        Connector there = stage.stage.shelf();
        Dataset books = stage.stage.dataset(away, "public.books");
        Dataset maps = stage.stage.dataset(away, "public.maps");
        stage.stage.dataset(there, "public.books");
        Run waiting = stage.start(away);
        await().until(() -> waits(books) && waits(maps));

        assertThat(stage.ended(stage.start(there)).status()).isEqualTo("succeeded");
        assertThat(stage.syncs.get(stage.project, waiting.id()).ended()).isFalse();
    }

    @Test
    void aDatasetThatIsDeletedMeanwhileIsNotWaitedFor() {
        SyncStage stage = stage(MetadataStore.H2, "1h", this::neverThere);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Run run = stage.start(shelf);
        await().until(() -> waits(books));

        stage.stage.datasets.delete(stage.project, books.id());
        stage.syncs.forget(books.id());
        Run ended = stage.ended(run);

        assertThat(SyncStage.of(ended, books).error())
                .extracting(RunError::code)
                .isEqualTo("dataset_deleted");
    }

    @Test
    void shuttingDownDoesNotWaitForTheNextAttempt() {
        SyncStage stage = stage(MetadataStore.H2, "1h", this::neverThere);
        Connector shelf = stage.stage.shelf();
        Dataset books = stage.stage.dataset(shelf, "public.books");
        Run run = stage.start(shelf);
        await().until(() -> waits(books));

        stage.keeper.stop();

        assertThat(stage.syncs.get(stage.project, run.id()).reason()).isEqualTo("interrupted");
    }

    @Test
    void modelsThatCannotBeLookedUpForAWhileAreLookedUpAgain() {
        AtomicInteger asked = new AtomicInteger();
        SyncStage stage = stage(MetadataStore.H2, Map.of("serai.sync.retry", "4s"), SyncStage::tenRows, (c, stop) -> {
            if (asked.incrementAndGet() < 4) {
                throw AWAY;
            }
            return List.of("public.books", "public.maps");
        });
        Connector shelf = stage.stage.change(stage.stage.shelf(), "discovery = 'done'");

        Run run = stage.ended(stage.start(shelf));

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.datasets()).hasSize(2);
        assertThat(events(stage, run, "run.started")).hasSize(1);
        assertThat(events(stage, run, "run.retrying"))
                .extracting(data -> data.path("attempt").asInt())
                .containsExactly(2, 3, 4);
    }

    @Test
    void cancellingEndsTheWaitForModels() {
        AtomicInteger asked = new AtomicInteger();
        SyncStage stage = stage(MetadataStore.H2, Map.of("serai.sync.retry", "1h"), SyncStage::tenRows, (c, stop) -> {
            asked.incrementAndGet();
            throw AWAY;
        });
        Connector shelf = stage.stage.change(stage.stage.shelf(), "discovery = 'done'");
        stage.stage.dataset(shelf, "public.books");
        Run run = stage.start(shelf);
        await().until(() -> asked.get() > 0);

        Instant from = Instant.now();
        stage.syncs.cancel(stage.project, run.id());
        Run ended = stage.ended(run);

        assertThat(Duration.between(from, Instant.now())).isLessThan(AT_MOST);
        assertThat(ended.status()).isEqualTo("cancelled");
    }
}
