package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.testing.Settings;

import static dev.serai.lake.Sources.column;
import static org.assertj.core.api.Assertions.assertThat;

/** Merges that are stopped while DuckDB is at work on them. */
class StoppedMergeTest {
    private static final int ROWS = 400_000;
    private static final List<Column> COLUMNS =
            List.of(column("id", Kind.BIGINT), column("at", Kind.INTEGER), column("text", Kind.VARCHAR));

    @TempDir
    Path data;

    private final TableId table = new TableId("default", "dat_1");

    /** @param read counted down when the last row was taken */
    private static RecordSource source(int at, CountDownLatch read) {
        return new RecordSource(
                COLUMNS,
                new Iterator<@Nullable Object[]>() {
                    private long next;

                    @Override
                    public boolean hasNext() {
                        if (next == ROWS) {
                            read.countDown();
                        }
                        return next < ROWS;
                    }

                    @Override
                    public @Nullable Object[] next() {
                        return new @Nullable Object[] {next++, at, "row " + next};
                    }
                },
                () -> {});
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("lake"))) {
            return files.map(Path::toString).sorted().collect(Collectors.toList());
        }
    }

    /** Each time it is stopped later after the last row, until it was through before. */
    @Test
    void endAtOnceAndChangeNothing() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (Lake lake = new Lake(Settings.of(Map.of("serai.data-dir", data.toString())))) {
            lake.replace(
                    table,
                    source(1, new CountDownLatch(1)),
                    new CommitRequest("run_first", List.of(), null, "at", sofar -> {}, new Cancellation()));
            List<String> before = files();
            int stopped = 0;
            boolean through = false;
            for (long wait = 5; !through; wait *= 2) {
                Cancellation cancellation = new Cancellation();
                CountDownLatch read = new CountDownLatch(1);
                CommitRequest request =
                        new CommitRequest("run_" + wait, List.of(), null, "at", sofar -> {}, cancellation);
                Future<CommitResult> merging = worker.submit(() -> lake.merge(
                        table, source(2, read), request, new Window(List.of("id"), "at", "0"), Instant.EPOCH));
                read.await();
                passes(Duration.ofMillis(wait), merging);
                cancellation.request();
                if (isStopped(merging)) {
                    stopped++;
                    assertThat(lake.snapshot(table).orElseThrow().version()).isZero();
                    assertThat(files()).isEqualTo(before);
                } else {
                    through = true;
                    assertThat(lake.snapshot(table).orElseThrow().version()).isEqualTo(1);
                }
            }
            assertThat(stopped).isGreaterThan(2);
        } finally {
            worker.shutdown();
        }
    }

    private static void passes(Duration time, Future<?> unless) {
        long then = System.nanoTime() + time.toNanos();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> System.nanoTime() >= then || unless.isDone());
    }

    private static boolean isStopped(Future<?> merging) throws Exception {
        try {
            merging.get(2, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOfSatisfying(FailureException.class, failure -> assertThat(
                            failure.failure().code())
                    .isEqualTo("cancelled"));
            return true;
        }
    }
}
