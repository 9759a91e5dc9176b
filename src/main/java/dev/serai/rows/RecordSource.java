package dev.serai.rows;

import java.util.Iterator;
import java.util.List;

/**
 * The rows of a single request's answer, as Java objects such as a JDBC driver gives: Boolean, Number, BigDecimal,
 * String, byte[], LocalDate, LocalDateTime, OffsetDateTime, Instant, java.sql.Date and Timestamp; anything else in a
 * VARCHAR column by its {@code toString()}.
 */
public final class RecordSource implements BatchSource {

    /** @param onClose ends what the iterator reads from */
    public RecordSource(List<Column> columns, Iterator<Object[]> rows, Runnable onClose) {
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
