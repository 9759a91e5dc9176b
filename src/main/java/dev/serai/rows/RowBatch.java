package dev.serai.rows;

/** The batch that a cursor fills: one writer for each column, in the order of {@link BatchSource#columns()}. */
public interface RowBatch {
    /** Rows that fit, usually 2048. */
    int capacity();

    /**
     * Whether there is room for this row, the next one: fewer than {@link #capacity()} fit where texts are long. A cursor
     * that does not bound its batches by itself asks before each row.
     */
    default boolean takes(int row) {
        return row < capacity();
    }

    ColumnWriter column(int index);
}
