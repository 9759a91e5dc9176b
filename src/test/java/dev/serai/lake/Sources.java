package dev.serai.lake;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.rows.RowBatch;

/** Sources of rows for tests. */
final class Sources {
    private Sources() {}

    static Column column(String name, Kind kind) {
        return Column.of(name, LogicalType.of(kind));
    }

    static RecordSource records(List<Column> columns, List<@Nullable Object[]> rows) {
        return new RecordSource(columns, rows.iterator(), () -> {});
    }

    /** So many rows of a number and a text that says which version wrote them. */
    static RecordSource numbers(long count, String version) {
        Iterator<@Nullable Object[]> rows = LongStream.range(0, count)
                .mapToObj(n -> new @Nullable Object[] {n, version})
                .iterator();
        return new RecordSource(List.of(column("n", Kind.BIGINT), column("version", Kind.VARCHAR)), rows, () -> {});
    }

    /** Gives rows until it is let go, then ends as it is told to. */
    static final class Held implements BatchSource {
        final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile @Nullable RuntimeException failure;
        private volatile boolean closed;

        @Override
        public List<Column> columns() {
            return List.of(column("n", Kind.BIGINT), column("version", Kind.VARCHAR));
        }

        void end() {
            released.countDown();
        }

        void fail(RuntimeException with) {
            failure = with;
            released.countDown();
        }

        boolean closed() {
            return closed;
        }

        @Override
        public Cursor open(int partition) {
            return new Cursor() {
                private int batches;

                @Override
                public int next(RowBatch batch) throws Exception {
                    if (batches == 100) {
                        started.countDown();
                        released.await();
                        RuntimeException with = failure;
                        if (with != null) {
                            throw with;
                        }
                        if (closed) {
                            throw new IllegalStateException("closed while reading");
                        }
                        return 0;
                    }
                    for (int row = 0; row < batch.capacity(); row++) {
                        batch.column(0).setLong(row, row);
                        batch.column(1).setString(row, "held");
                    }
                    batches++;
                    return batch.capacity();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {
            closed = true;
            released.countDown();
        }
    }
}
