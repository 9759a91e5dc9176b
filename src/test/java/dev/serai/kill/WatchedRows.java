package dev.serai.kill;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.RowBatch;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowWarning;

/** Rows that tell when the first is asked for and when the last has come. */
public record WatchedRows(
        BatchSource rows, String table, Phase reading, Steps steps, AtomicBoolean begun, AtomicInteger open)
        implements BatchSource {

    public WatchedRows(BatchSource rows, String table, Phase reading, Steps steps) {
        this(rows, table, reading, steps, new AtomicBoolean(), new AtomicInteger(rows.partitions()));
    }

    @Override
    public List<Column> columns() {
        return rows.columns();
    }

    @Override
    public long estimatedRows() {
        return rows.estimatedRows();
    }

    @Override
    public int partitions() {
        return rows.partitions();
    }

    @Override
    public Optional<String> position() {
        return rows.position();
    }

    @Override
    public List<RowWarning> warnings() {
        return rows.warnings();
    }

    @Override
    public List<RowNote> notes() {
        return rows.notes();
    }

    @Override
    public Cursor open(int partition) throws Exception {
        Cursor cursor = rows.open(partition);
        return new Cursor() {
            @Override
            public int next(RowBatch batch) throws Exception {
                int got = cursor.next(batch);
                // After the first rows: the source's transaction is open then, and something is to be staged.
                if (begun.compareAndSet(false, true)) {
                    steps.step(table, reading);
                }
                if (got == 0 && open.decrementAndGet() == 0) {
                    steps.step(table, Phase.MERGING);
                }
                return got;
            }

            @Override
            public void close() throws Exception {
                cursor.close();
            }
        };
    }

    @Override
    public void close() {
        rows.close();
    }
}
