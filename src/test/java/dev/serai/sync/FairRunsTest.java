package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.serai.connector.Connector;
import dev.serai.dataset.DatasetStage;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Workers among runs: each step ends when the test says so, and then somebody else's may begin. */
class FairRunsTest {
    private final List<SyncStage> stages = new ArrayList<>();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Semaphore> going = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        stages.forEach(SyncStage::close);
    }

    private SyncStage stage(int workers) {
        SyncStage stage = new SyncStage(
                new DatasetStage(MetadataStore.H2, TestLake.shared()),
                this::sync,
                (connector, stop) -> List.of(),
                SyncStage.newDataDir(),
                Map.of("serai.sync.parallelism", String.valueOf(workers)));
        stages.add(stage);
        return stage;
    }

    private DatasetResult sync(DatasetSync sync) throws Exception {
        Semaphore end = new Semaphore(0);
        begun.add(sync.connector().slug());
        going.add(end);
        end.acquire();
        return SyncStage.tenRows(sync);
    }

    private static Connector shelf(SyncStage stage, int datasets) {
        Connector shelf = stage.stage.shelf();
        IntStream.range(0, datasets).forEach(n -> stage.stage.dataset(shelf, "public.t" + n));
        return shelf;
    }

    private void oneBegins(int sum) {
        await().until(() -> begun.size() == sum);
    }

    private void oneEnds() throws InterruptedException {
        going.take().release();
    }

    private void allEnd(SyncStage stage, List<Run> runs) {
        await().until(() -> {
            List<Semaphore> all = new ArrayList<>();
            going.drainTo(all);
            all.forEach(Semaphore::release);
            return runs.stream()
                    .allMatch(run -> stage.syncs.get(stage.project, run.id()).ended());
        });
    }

    @Test
    void aRunOfManyDatasetsDoesNotStarveOneOfFew() throws InterruptedException {
        SyncStage stage = stage(2);
        Connector big = shelf(stage, 40);
        Connector small = shelf(stage, 1);
        Run first = stage.start(big);
        oneBegins(2);
        Run second = stage.start(small);
        oneEnds();
        oneBegins(3);

        assertThat(begun).containsExactly(big.slug(), big.slug(), small.slug());
        oneEnds();
        oneEnds();
        oneBegins(5);
        allEnd(stage, List.of(first, second));
        assertThat(stage.syncs.get(stage.project, second.id()).status()).isEqualTo("succeeded");
        assertThat(stage.syncs.get(stage.project, first.id()).status()).isEqualTo("succeeded");
    }

    @Test
    void runsTakeTurnsInTheOrderInWhichTheyWait() throws InterruptedException {
        SyncStage stage = stage(1);
        Connector big = shelf(stage, 4);
        Connector early = shelf(stage, 2);
        Connector late = shelf(stage, 2);
        List<Run> runs = new ArrayList<>();
        for (Connector connector : List.of(big, early, late)) {
            runs.add(stage.start(connector));
            oneBegins(1);
        }
        for (int ended = 1; ended < 8; ended++) {
            oneEnds();
            oneBegins(ended + 1);
        }
        allEnd(stage, runs);

        assertThat(begun)
                .containsExactly(
                        big.slug(),
                        big.slug(),
                        early.slug(),
                        late.slug(),
                        big.slug(),
                        early.slug(),
                        late.slug(),
                        big.slug());
    }

    @Test
    void neverMoreAtOnceThanTheSettingSaysAndNeverFewerWhileThereIsWork() throws InterruptedException {
        SyncStage stage = stage(3);
        List<Run> runs = IntStream.range(0, 5)
                .mapToObj(n -> stage.start(shelf(stage, 2)))
                .toList();
        for (int ended = 0; ended < 7; ended++) {
            oneBegins(ended + 3);
            assertThat(going).hasSize(3);
            oneEnds();
        }
        allEnd(stage, runs);
        assertThat(begun).hasSize(10);
    }
}
