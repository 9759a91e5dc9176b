package dev.serai.query;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.rows.RowBatch;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SourceAnswerTest {
    @TempDir
    static Path folder;

    static QueryBench bench;

    @BeforeAll
    static void start() {
        bench = new QueryBench(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    private static final List<Column> COLUMNS =
            List.of(Column.of("id", LogicalType.of(Kind.BIGINT)), Column.of("name", LogicalType.of(Kind.VARCHAR)));

    private static RecordSource numbers(long count, AtomicBoolean closed) {
        Iterator<@Nullable Object[]> rows = LongStream.range(0, count)
                .mapToObj(n -> new @Nullable Object[] {n, n % 2 == 0 ? "Zürich" : null})
                .iterator();
        return new RecordSource(COLUMNS, rows, () -> closed.set(true));
    }

    private static TextSource text(TextSource.Format format, String text) {
        return new TextSource(format, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(RowSource source, long limit) {
        return QueryBench.text(bench.engine.encode(source, limit, ResultFormat.JSON));
    }

    @Test
    void answersWithTheSourcesColumnsAndRows() {
        AtomicBoolean closed = new AtomicBoolean();
        assertThat(json(numbers(2, closed), 100))
                .isEqualToIgnoringWhitespace(
                        "{\"columns\":[{\"name\":\"id\",\"type\":\"BIGINT\"},"
                                + "{\"name\":\"name\",\"type\":\"VARCHAR\"}],\"rows\":[[0,\"Zürich\"],[1,null]],\"truncated\":false}");
        assertThat(closed).isTrue();
    }

    @Test
    void stopsReadingAtTheLimit() {
        AtomicBoolean closed = new AtomicBoolean();
        assertThat(json(numbers(QueryBench.ALL, closed), 3)).contains("\"truncated\":true");
        assertThat(closed).isTrue();
    }

    @Test
    void answersWithTextOfEveryLayout() throws Exception {
        assertThat(json(text(TextSource.Format.NDJSON, "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n"), 10))
                .contains("[1,\"x\"]", "[2,null]");
        assertThat(json(text(TextSource.Format.JSON_ARRAY, "[{\"a\":1.5}]"), 10))
                .contains("[1.5]");
        assertThat(json(text(TextSource.Format.CSV, "a,b\r\n1,x\r\n"), 10)).contains("[1,\"x\"]");
        for (ResultFormat format : ResultFormat.values()) {
            QueryBench.text(bench.engine.encode(text(TextSource.Format.NDJSON, ""), 10, format));
        }
        assertThat(json(new TextSource(TextSource.Format.NDJSON, null), 10)).contains("\"rows\":[]");
    }

    /** Gives some batches, then waits or fails. */
    private static final class Faulty implements BatchSource {
        final CountDownLatch let = new CountDownLatch(1);
        private final int batches;
        private final @Nullable RuntimeException failure;

        Faulty(int batches, @Nullable RuntimeException failure) {
            this.batches = batches;
            this.failure = failure;
        }

        @Override
        public List<Column> columns() {
            return COLUMNS;
        }

        @Override
        public Cursor open(int partition) {
            return new Cursor() {
                private int given;

                @Override
                public int next(RowBatch batch) throws Exception {
                    if (given++ == batches) {
                        if (failure != null) {
                            throw failure;
                        }
                        let.await();
                        throw new IOException("closed");
                    }
                    for (int row = 0; row < batch.capacity(); row++) {
                        batch.column(0).setLong(row, row);
                        batch.column(1).setString(row, "some longer text so that the buffers fill");
                    }
                    return batch.capacity();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {
            let.countDown();
        }
    }

    @Test
    void tellsTheSourcesOwnFailure() throws Exception {
        Failure own = new Failure.Source(Failure.Layer.READ, "gone", "The source went away.", true);
        FailureException atOnce =
                catchThrowableOfType(FailureException.class, () -> json(new Faulty(0, new FailureException(own)), 10));
        assertThat(atOnce.failure()).isEqualTo(own);
        try (ResultStream stream =
                bench.engine.encode(new Faulty(500, new FailureException(own)), QueryBench.ALL, ResultFormat.CSV)) {
            assertThat(stream.read()).isEqualTo('i');
            IOException midway = catchThrowableOfType(IOException.class, () -> QueryBench.drain(stream));
            assertThat(((FailureException) midway.getCause()).failure()).isEqualTo(own);
        }
    }

    @Test
    void endsASourceThatStaysMute() throws Exception {
        try (QueryBench hasty = new QueryBench(folder.resolve("hasty"), "serai.query.timeout", "500ms")) {
            long start = System.nanoTime();
            FailureException late = catchThrowableOfType(
                    FailureException.class,
                    () -> QueryBench.text(hasty.engine.encode(new Faulty(0, null), 10, ResultFormat.JSON)));
            assertThat(late.failure())
                    .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.timedOut())
                            .isTrue());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }
}
