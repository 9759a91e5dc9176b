package dev.serai.rows;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Rows that PostgreSQL sends by {@code COPY (SELECT …) TO STDOUT (FORMAT binary)}, decoded straight into column batches. They come in no
 * particular order.
 *
 * <p>Infinite and out-of-range dates and times and the numeric {@code NaN} and infinities become NULL and are counted in
 * {@link #warnings()}.
 */
public final class PgCopySource implements BatchSource {

    /** A column and the form in which its values come; the column's kind is that of the wire type. */
    public record Field(Column column, PgWireType wire) {
        public Field {
            if (column.type().kind() != wire.kind()) {
                throw new IllegalArgumentException(wire + " does not fit " + column.type());
            }
        }
    }

    /** The rows that come over one connection; all connections see the same snapshot. */
    @FunctionalInterface
    public interface Partition {
        /** Starts the COPY; called at most once, on a thread of DuckDB's. Null: the other connections have read it all. */
        @Nullable
        Chunks open() throws Exception;

        /** Starts another COPY on the same connection, once the one before has ended; null: that was all. */
        default @Nullable Chunks more() throws Exception {
            return null;
        }

        /** As {@link BatchSource#notes()}. */
        default List<RowNote> notes() {
            return List.of();
        }
    }

    /** What one COPY sends, in pieces of any length, such as {@code CopyOut.readFromCopy()} gives. */
    public interface Chunks extends AutoCloseable {
        /** The next bytes, or null at the end; the array is not changed afterwards. */
        byte @Nullable [] next() throws Exception;

        /** How many rows the server says it sent, once {@link #next()} gave null; -1 where it does not say. */
        default long sent() {
            return -1;
        }

        @Override
        void close() throws Exception;
    }

    /** As many as the lake's DuckDB has threads. */
    private static final int CURSORS_A_COPY = 2;

    private final List<Field> fields;
    private final long estimatedRows;
    private final List<Partition> parts;
    private final List<PgCopyFeed> feeds;
    private final Runnable onClose;
    private final @Nullable String position;
    private final WarningCounter warnings = new WarningCounter();

    /**
     * @param estimatedRows for progress, or -1
     * @param onClose ends what the source holds (connections, a snapshot); may be called at any time, more than once and
     *     from any thread, and must make a waiting {@link Chunks#next()} fail
     */
    public PgCopySource(List<Field> fields, long estimatedRows, List<Partition> partitions, Runnable onClose) {
        this(fields, estimatedRows, partitions, onClose, null);
    }

    /**
     * As above.
     *
     * @param position as {@link #position()}, null for empty
     */
    public PgCopySource(
            List<Field> fields,
            long estimatedRows,
            List<Partition> partitions,
            Runnable onClose,
            @Nullable String position) {
        this.fields = List.copyOf(fields);
        this.estimatedRows = estimatedRows;
        this.parts = List.copyOf(partitions);
        this.feeds = partitions.stream()
                .map(partition -> new PgCopyFeed(partition, fields.size()))
                .toList();
        this.onClose = onClose;
        this.position = position;
    }

    @Override
    public List<Column> columns() {
        return fields.stream().map(Field::column).toList();
    }

    @Override
    public long estimatedRows() {
        return estimatedRows;
    }

    @Override
    public Optional<String> position() {
        return Optional.ofNullable(position);
    }

    @Override
    public int connections() {
        return feeds.size();
    }

    /** More than there are COPYs: each is decoded by several cursors. */
    @Override
    public int partitions() {
        return feeds.size() * CURSORS_A_COPY;
    }

    @Override
    public long bytesRead() {
        return feeds.stream().mapToLong(PgCopyFeed::bytes).sum();
    }

    @Override
    public Cursor open(int partition) throws Exception {
        return new PgCopyCursor(PgCopyTurns.from(feeds, partition), fields, warnings);
    }

    @Override
    public List<RowWarning> warnings() {
        return warnings.warnings();
    }

    @Override
    public List<RowNote> notes() {
        return parts.stream().flatMap(part -> part.notes().stream()).distinct().toList();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
