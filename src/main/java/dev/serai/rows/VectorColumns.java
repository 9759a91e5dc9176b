package dev.serai.rows;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/** The writer for each type; one small class each, so that each compiles well. */
final class VectorColumns {
    private VectorColumns() {}

    static VectorColumn of(LogicalType type, DuckDBWritableVector vector, int capacity, TextRoom room) {
        return switch (type.kind()) {
            case BOOLEAN -> new BooleanColumn(vector);
            case TINYINT -> new ByteColumn(vector);
            case SMALLINT -> new ShortColumn(vector);
            case INTEGER, DATE -> new IntColumn(vector);
            case BIGINT, TIMESTAMP, TIMESTAMPTZ -> new LongColumn(vector);
            case FLOAT -> new FloatColumn(vector);
            case DOUBLE -> new DoubleColumn(vector);
            case DECIMAL ->
                NativeForm.unscaled(type) ? new UnscaledColumn(vector, type.scale()) : new DecimalColumn(vector);
            case VARCHAR -> new TextColumn(vector, capacity, room);
            case BLOB -> new HexColumn(vector, capacity, room);
            case STRUCT, LIST -> throw new IllegalArgumentException("Rows come with flat values: " + type.duckdb());
        };
    }

    private static final class BooleanColumn extends VectorColumn {
        BooleanColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setBoolean(int row, boolean value) {
            vector().setBoolean(row, value);
        }
    }

    private static final class ByteColumn extends VectorColumn {
        ByteColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setLong(int row, long value) {
            if (value != (byte) value) {
                throw new ArithmeticException("Too large for TINYINT");
            }
            vector().setByte(row, (byte) value);
        }
    }

    private static final class ShortColumn extends VectorColumn {
        ShortColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setLong(int row, long value) {
            if (value != (short) value) {
                throw new ArithmeticException("Too large for SMALLINT");
            }
            vector().setShort(row, (short) value);
        }
    }

    private static final class IntColumn extends VectorColumn {
        IntColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setLong(int row, long value) {
            vector().setInt(row, Math.toIntExact(value));
        }
    }

    private static final class LongColumn extends VectorColumn {
        LongColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setLong(int row, long value) {
            vector().setLong(row, value);
        }
    }

    private static final class FloatColumn extends VectorColumn {
        FloatColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setDouble(int row, double value) {
            vector().setFloat(row, (float) value);
        }
    }

    private static final class DoubleColumn extends VectorColumn {
        DoubleColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setDouble(int row, double value) {
            vector().setDouble(row, value);
        }
    }

    private static final class UnscaledColumn extends VectorColumn {
        private final int scale;

        UnscaledColumn(DuckDBWritableVector vector, int scale) {
            super(vector);
            this.scale = scale;
        }

        @Override
        public void setUnscaled(int row, long unscaled) {
            vector().setLong(row, unscaled);
        }

        @Override
        public void setDecimal(int row, BigDecimal value) {
            vector().setLong(row, value.setScale(scale).unscaledValue().longValueExact());
        }
    }

    private static final class DecimalColumn extends VectorColumn {
        DecimalColumn(DuckDBWritableVector vector) {
            super(vector);
        }

        @Override
        public void setDecimal(int row, BigDecimal value) {
            vector().setBigDecimal(row, value);
        }
    }

    /** Collects a batch's texts, which then cross into DuckDB in one call. */
    private static class TextColumn extends VectorColumn {
        private final byte[] @Nullable [] values;
        private final TextRoom room;

        TextColumn(DuckDBWritableVector vector, int capacity, TextRoom room) {
            super(vector);
            this.room = room;
            this.values = new byte[capacity][];
        }

        @Override
        public final void setNull(int row) {
            values[row] = null;
        }

        @Override
        public void setBytes(int row, byte[] bytes, int offset, int length) {
            take(length);
            set(row, Arrays.copyOfRange(bytes, offset, offset + length));
        }

        @Override
        public void setString(int row, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            take(bytes.length);
            set(row, bytes);
        }

        final void take(long bytes) {
            room.take(bytes);
        }

        final void set(int row, byte[] value) {
            values[row] = value;
        }

        @Override
        final void finish(int rows) {
            vector().setStringUtf8Batch(0, rows == values.length ? values : Arrays.copyOf(values, rows));
            // Few rows may hold many bytes; they are DuckDB's now.
            Arrays.fill(values, 0, rows, null);
        }
    }

    /** Bytes travel as hexadecimal text: vectors of BLOB have no setter. */
    private static final class HexColumn extends TextColumn {
        private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

        HexColumn(DuckDBWritableVector vector, int capacity, TextRoom room) {
            super(vector, capacity, room);
        }

        @Override
        public void setBytes(int row, byte[] bytes, int offset, int length) {
            take(2L * length);
            byte[] hex = new byte[2 * length];
            for (int i = 0; i < length; i++) {
                hex[2 * i] = DIGITS[(bytes[offset + i] >> 4) & 15];
                hex[2 * i + 1] = DIGITS[bytes[offset + i] & 15];
            }
            set(row, hex);
        }

        @Override
        public void setString(int row, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            setBytes(row, bytes, 0, bytes.length);
        }
    }
}
