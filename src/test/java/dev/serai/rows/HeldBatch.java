package dev.serai.rows;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A batch that holds each value as a text, for tests that decode far too often to ask DuckDB each time. */
final class HeldBatch implements RowBatch {
    private static final int CAPACITY = 16;

    private final List<Column> columns;
    private final @Nullable String[][] values;

    private HeldBatch(List<Column> columns) {
        this.columns = columns;
        this.values = new @Nullable String[CAPACITY][columns.size()];
    }

    /** All rows of a source. */
    static List<List<@Nullable String>> rows(BatchSource source) throws Exception {
        List<List<@Nullable String>> rows = new ArrayList<>();
        HeldBatch batch = new HeldBatch(source.columns());
        try (BatchSource.Cursor cursor = source.open(0)) {
            for (int count = cursor.next(batch); count > 0; count = cursor.next(batch)) {
                for (int row = 0; row < count; row++) {
                    rows.add(Arrays.asList(batch.values[row].clone()));
                }
            }
        }
        return rows;
    }

    @Override
    public int capacity() {
        return CAPACITY;
    }

    @Override
    public ColumnWriter column(int index) {
        return new Held(columns.get(index), index);
    }

    private final class Held implements ColumnWriter {
        private final Column column;
        private final int index;

        Held(Column column, int index) {
            this.column = column;
            this.index = index;
        }

        private void set(int row, Object value) {
            values[row][index] = value.toString();
        }

        @Override
        public void setNull(int row) {
            values[row][index] = null;
        }

        @Override
        public void setBoolean(int row, boolean value) {
            set(row, value);
        }

        @Override
        public void setLong(int row, long value) {
            boolean narrow = column.type().kind() == LogicalType.Kind.DATE;
            set(row, narrow ? Math.toIntExact(value) : value);
        }

        @Override
        public void setDouble(int row, double value) {
            set(row, value);
        }

        @Override
        public void setDecimal(int row, BigDecimal value) {
            set(row, value);
        }

        @Override
        public void setUnscaled(int row, long unscaled) {
            set(row, unscaled);
        }

        @Override
        public void setBytes(int row, byte[] bytes, int offset, int length) {
            if (column.type().kind() == LogicalType.Kind.BLOB) {
                set(row, HexFormat.of().formatHex(bytes, offset, offset + length));
                return;
            }
            try {
                set(row, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length)));
            } catch (CharacterCodingException e) {
                // As batches of DuckDB's do.
                throw BadValue.notUtf8(column, e);
            }
        }

        @Override
        public void setString(int row, String value) {
            set(row, value);
        }
    }
}
