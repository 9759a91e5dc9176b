package dev.serai.rows;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Rows that PostgreSQL sends by {@code COPY (SELECT …) TO STDOUT (FORMAT binary)}, decoded straight into column batches.
 *
 * <p>Infinite and out-of-range dates and times and the numeric {@code NaN} and infinities become NULL and are counted in
 * {@link #warnings()}.
 */
public final class PgCopySource implements BatchSource {

    /** A column and the form in which its values come; the column's kind is that of the wire type. */
    public record Field(Column column, PgWireType wire) {}

    /** One part of the rows; all parts see the same snapshot. */
    @FunctionalInterface
    public interface Partition {
        /** Starts the COPY; called at most once, on a thread of DuckDB's. */
        Chunks open() throws Exception;
    }

    /** What one COPY sends, in pieces of any length, such as {@code CopyOut.readFromCopy()} gives. */
    public interface Chunks extends AutoCloseable {
        /** The next bytes, or null at the end; the array is not changed afterwards. */
        byte @Nullable [] next() throws Exception;

        @Override
        void close() throws Exception;
    }

    /**
     * @param estimatedRows for progress, or -1
     * @param onClose ends what the source holds (connections, a snapshot); may be called at any time, from any thread,
     *     and must make a waiting {@link Chunks#next()} fail
     */
    public PgCopySource(List<Field> fields, long estimatedRows, List<Partition> partitions, Runnable onClose) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Column> columns() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor open(int partition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
