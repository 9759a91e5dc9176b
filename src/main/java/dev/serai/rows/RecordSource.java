package dev.serai.rows;

import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a single request's answer, as Java objects such as a JDBC driver gives: Boolean, Number, BigDecimal,
 * String, byte[], LocalDate, LocalDateTime, OffsetDateTime, Instant, java.sql.Date and Timestamp; anything else in a
 * VARCHAR column by its {@code toString()}.
 */
public final class RecordSource implements BatchSource {
    private final List<Column> columns;
    private final Iterator<@Nullable Object[]> rows;
    private final Runnable onClose;
    private final WarningCounter warnings = new WarningCounter();

    /** @param onClose ends what the iterator reads from; may be called more than once */
    public RecordSource(List<Column> columns, Iterator<@Nullable Object[]> rows, Runnable onClose) {
        this.columns = List.copyOf(columns);
        this.rows = rows;
        this.onClose = onClose;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public Cursor open(int partition) {
        return new RecordCursor();
    }

    @Override
    public List<RowWarning> warnings() {
        return warnings.warnings();
    }

    @Override
    public void close() {
        onClose.run();
    }

    private final class RecordCursor implements Cursor {
        private final List<ObjectEncoder> encoders = columns.stream()
                .map(column -> new ObjectEncoder(column, warnings))
                .toList();

        @Override
        public int next(RowBatch batch) {
            int row = 0;
            for (; batch.takes(row) && rows.hasNext(); row++) {
                @Nullable Object[] values = rows.next();
                for (int i = 0; i < encoders.size(); i++) {
                    encoders.get(i).encode(values[i], batch.column(i), row);
                }
            }
            return row;
        }

        @Override
        public void close() {}
    }
}
