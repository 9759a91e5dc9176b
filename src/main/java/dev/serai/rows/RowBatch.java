package dev.serai.rows;

/** The batch that a cursor fills: one writer for each column, in the order of {@link BatchSource#columns()}. */
public interface RowBatch {
    /** Rows that fit, usually 2048. */
    int capacity();

    ColumnWriter column(int index);
}
