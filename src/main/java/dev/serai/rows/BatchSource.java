package dev.serai.rows;

import java.util.List;
import java.util.Optional;

/** Rows that a DuckDB table function pulls in column batches; columns are known before the first row. */
public non-sealed interface BatchSource extends RowSource {

    List<Column> columns();

    /** An estimate of the number of rows for progress, or -1. */
    default long estimatedRows() {
        return -1;
    }

    /** How many cursors may be read at the same time; at least 1. */
    default int partitions() {
        return 1;
    }

    /**
     * Starts reading one partition; called once for each, on a thread of DuckDB's.
     *
     * @param partition from 0 to {@link #partitions()} - 1
     */
    Cursor open(int partition) throws Exception;

    /**
     * The position that the source itself tells for this read, from the same snapshot as the rows: where the next
     * incremental read begins. Empty: the largest value of the watermark column among the rows read. Known from the
     * start, so that it never lies beyond a row that this read does not see.
     *
     * <p>A source that tells one sends exactly the rows of the window that was asked for; where the watermark column comes as
     * text, its values are decimals, such as PostgreSQL writes them.
     */
    default Optional<String> position() {
        return Optional.empty();
    }

    /** Values that could not be kept as they were, counted; final once every cursor has ended. */
    default List<RowWarning> warnings() {
        return List.of();
    }

    /** How the rows were read, where that is not as usual; final once every cursor has ended. */
    default List<RowNote> notes() {
        return List.of();
    }

    /** One partition's rows. Used by one thread at a time. */
    interface Cursor extends AutoCloseable {
        /**
         * Writes the next rows.
         *
         * @return the number of rows written, at most {@code batch.capacity()}; 0 at the end
         */
        int next(RowBatch batch) throws Exception;

        @Override
        void close() throws Exception;
    }
}
