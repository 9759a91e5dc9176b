package dev.serai.rows;

import java.sql.SQLException;
import java.util.List;

import org.duckdb.DuckDBDataChunkWriter;

/** A DuckDB data chunk as the batch that a cursor fills; made once a thread, given a new chunk each time. */
final class VectorBatch implements RowBatch {
    private final List<Column> described;
    private final VectorColumn[] columns;
    private final int capacity;
    private final TextRoom room;

    /** @param mostText bytes of text and the like */
    VectorBatch(List<Column> columns, DuckDBDataChunkWriter chunk, long mostText) {
        this.room = new TextRoom(mostText);
        this.described = columns;
        this.capacity = Math.toIntExact(chunk.capacity());
        this.columns = new VectorColumn[columns.size()];
        for (int i = 0; i < this.columns.length; i++) {
            this.columns[i] = VectorColumns.of(columns.get(i).type(), chunk.vector(i), capacity, room);
        }
    }

    void rebind(DuckDBDataChunkWriter chunk) {
        room.clear();
        for (int i = 0; i < columns.length; i++) {
            columns[i].rebind(chunk.vector(i));
        }
    }

    void finish(int rows) {
        for (int i = 0; i < columns.length; i++) {
            try {
                columns[i].finish(rows);
            } catch (RuntimeException e) {
                throw refusal(described.get(i), e);
            }
        }
    }

    /** DuckDB checks all texts at once, in native code; to check each one here too would cost twice. */
    private static RuntimeException refusal(Column column, RuntimeException e) {
        boolean encoding = e.getCause() instanceof SQLException told
                && told.getMessage() != null
                && told.getMessage().contains("Invalid UTF-8");
        return encoding ? BadValue.notUtf8(column, e) : e;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public boolean takes(int row) {
        return row < capacity && room.isLeft();
    }

    @Override
    public ColumnWriter column(int index) {
        return columns[index];
    }
}
