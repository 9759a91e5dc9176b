package dev.serai.rows;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunctionState;
import org.jspecify.annotations.Nullable;

/** One source while DuckDB pulls it: which partitions are still to be read, how many rows came, why it failed. */
final class ScanJob {
    private final BatchSource source;
    private final List<Column> columns;
    private final ReadProgress progress;
    private final long mostText;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicInteger nextPartition = new AtomicInteger();
    private final AtomicInteger endedPartitions = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** @param mostText bytes of text and the like that one batch may hold */
    ScanJob(BatchSource source, ReadProgress progress, long mostText) {
        this.mostText = mostText;
        this.source = source;
        this.columns = source.columns();
        this.progress = progress;
    }

    BatchSource source() {
        return source;
    }

    List<Column> columns() {
        return columns;
    }

    /** The first exception of the source's, or null. */
    @Nullable
    Throwable failure() {
        return failure.get();
    }

    void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("The rows were read already");
        }
    }

    Reader reader() {
        return new Reader();
    }

    private void count(int more) {
        progress.rows(rows.addAndGet(more));
    }

    private void ended() {
        if (endedPartitions.incrementAndGet() == source.partitions()) {
            progress.rows(rows.get());
            progress.complete();
        }
    }

    /** Reads partitions on one thread of DuckDB's, one after another, until none is left. */
    final class Reader implements DuckDBTableFunctionState {
        private BatchSource.@Nullable Cursor cursor;
        private @Nullable VectorBatch batch;

        int read(DuckDBDataChunkWriter chunk) throws Exception {
            try {
                return fill(chunk);
            } catch (Throwable e) {
                // DuckDB makes a text of it; whoever waits for the statement wants the exception itself.
                failure.compareAndSet(null, e);
                throw e;
            }
        }

        private int fill(DuckDBDataChunkWriter chunk) throws Exception {
            VectorBatch filled = batch;
            if (filled == null) {
                filled = new VectorBatch(columns, chunk, mostText);
                batch = filled;
            } else {
                filled.rebind(chunk);
            }
            while (failure.get() == null) {
                BatchSource.Cursor open = cursor;
                if (open == null) {
                    int partition = nextPartition.getAndIncrement();
                    if (partition >= source.partitions()) {
                        return 0;
                    }
                    open = source.open(partition);
                    cursor = open;
                }
                int written = open.next(filled);
                if (written > 0) {
                    filled.finish(written);
                    count(written);
                    return written;
                }
                cursor = null;
                open.close();
                ended();
            }
            return 0;
        }

        @Override
        public void close() throws Exception {
            if (cursor != null) {
                cursor.close();
            }
        }
    }
}
