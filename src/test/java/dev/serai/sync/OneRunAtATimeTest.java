package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Times;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two processes that start runs of one connector in every way there is, all at once, again and again. */
class OneRunAtATimeTest {
    private static final int ROUNDS = 15;
    private final List<SyncStage> stages = new ArrayList<>();
    private final ConcurrentMap<String, AtomicInteger> going = new ConcurrentHashMap<>();
    private volatile String watched = "";
    private final List<String> overlaps = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        stages.forEach(SyncStage::close);
    }

    private SyncStage stage(DatasetStage datasets) {
        SyncStage stage = new SyncStage(
                datasets,
                this::sync,
                (connector, stop) -> List.of(),
                SyncStage.newDataDir(),
                Map.of("serai.sync.parallelism", "4"));
        stages.add(stage);
        return stage;
    }

    private DatasetResult sync(DatasetSync sync) {
        if (!sync.connector().id().equals(watched)) {
            // Of a schedule that another test left in the database.
            return SyncStage.tenRows(sync);
        }
        going.computeIfAbsent(sync.runId(), id -> new AtomicInteger()).incrementAndGet();
        if (going.size() > 1) {
            overlaps.add(going.keySet().toString());
        }
        DatasetResult result = SyncStage.tenRows(sync);
        going.computeIfPresent(sync.runId(), (id, count) -> count.decrementAndGet() == 0 ? null : count);
        return result;
    }

    private static String begun(Runnable start) {
        try {
            start.run();
            return "";
        } catch (FailureException e) {
            return e.failure().code();
        }
    }

    @ParameterizedTest
    @EnumSource
    void howeverTheyAreStarted(MetadataStore metadata) throws Exception {
        SyncStage one = stage(new DatasetStage(metadata, TestLake.shared()));
        SyncStage other = stage(new DatasetStage(metadata, one.project, TestLake.shared()));
        Connector shelf = one.stage.shelf();
        Dataset books = one.stage.dataset(shelf, "public.books");
        one.stage.dataset(shelf, "public.maps");
        watched = shelf.id();
        Instant nine = Instant.now().plusSeconds(3600);
        one.stage
                .jdbc
                .sql("update data_connectors set schedule_cron = '* * * * *', schedule_timezone = 'UTC',"
                        + " schedule_after = :from where id = :id")
                .param("from", Times.param(nine))
                .param("id", shelf.id())
                .update();
        int fires = 0;
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                Clock clock = Clock.fixed(nine.plusSeconds(60L * round), ZoneOffset.UTC);
                CyclicBarrier together = new CyclicBarrier(8);
                List<Future<?>> all = new ArrayList<>();
                List<String> answers = new CopyOnWriteArrayList<>();
                for (SyncStage stage : List.of(one, other)) {
                    ConnectorStore connectors = stage.stage.connectors;
                    for (Runnable start : List.<Runnable>of(
                            () -> answers.add(begun(() -> stage.start(shelf))),
                            () -> answers.add(
                                    begun(() -> stage.syncs.startDataset(stage.project, books.id(), "tester"))),
                            () -> answers.add(begun(() ->
                                    new SyncEntry(connectors, stage.syncs).start(shelf.slug(), stage.project, null))),
                            () -> stage.tick(clock).run())) {
                        all.add(pool.submit(() -> {
                            together.await();
                            start.run();
                            return null;
                        }));
                    }
                }
                for (Future<?> done : all) {
                    done.get();
                }
                assertThat(Set.copyOf(answers)).isSubsetOf("", "run_in_progress");
                fires++;
                await().until(() -> one.syncs.list(one.project, shelf.id(), 100, null).items().stream()
                        .allMatch(Run::ended));
            }
        } finally {
            pool.shutdown();
            one.stage
                    .jdbc
                    .sql("update data_connectors set schedule_cron = null where id = ?")
                    .param(shelf.id())
                    .update();
        }

        assertThat(overlaps).isEmpty();
        List<Run> runs = one.syncs.list(one.project, shelf.id(), 1000, null).items();
        List<Run> ran = runs.stream()
                .filter(run -> !run.status().equals("skipped"))
                .sorted(java.util.Comparator.comparing(Run::startedAt))
                .toList();
        assertThat(ran).hasSizeGreaterThanOrEqualTo(ROUNDS).allMatch(run -> run.status()
                .equals("succeeded"));
        for (int i = 1; i < ran.size(); i++) {
            assertThat(ran.get(i).startedAt()).isAfterOrEqualTo(ran.get(i - 1).endedAt());
        }
        assertThat(runs.stream().filter(run -> run.trigger().equals("schedule")))
                .hasSize(fires);
    }
}
