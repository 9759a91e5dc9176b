package dev.serai.connector;

import java.util.List;
import java.util.Optional;

import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowWarning;

/** Rows as a route's bean answered them, which keep the route until they are closed. */
record LeasedBatches(BatchSource rows, Pages pages) implements BatchSource {
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
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    public int connections() {
        return rows.connections();
    }

    @Override
    public Cursor open(int partition) throws Exception {
        return rows.open(partition);
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
    public void close() {
        try {
            rows.close();
        } finally {
            pages.close();
        }
    }
}
