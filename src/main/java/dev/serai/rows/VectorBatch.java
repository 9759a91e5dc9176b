package dev.serai.rows;

import java.util.List;

import org.duckdb.DuckDBDataChunkWriter;

/** A DuckDB data chunk as the batch that a cursor fills; made once a thread, given a new chunk each time. */
final class VectorBatch implements RowBatch {
    private final VectorColumn[] columns;
    private final int capacity;

    VectorBatch(List<Column> columns, DuckDBDataChunkWriter chunk) {
        this.capacity = Math.toIntExact(chunk.capacity());
        this.columns = new VectorColumn[columns.size()];
        for (int i = 0; i < this.columns.length; i++) {
            this.columns[i] = VectorColumns.of(columns.get(i).type(), chunk.vector(i), capacity);
        }
    }

    void rebind(DuckDBDataChunkWriter chunk) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].rebind(chunk.vector(i));
        }
    }

    void finish(int rows) {
        for (VectorColumn column : columns) {
            column.finish(rows);
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public ColumnWriter column(int index) {
        return columns[index];
    }
}
