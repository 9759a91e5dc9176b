package dev.serai.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import dev.serai.rows.PgCopySource.Field;

/** The decoder for each wire type; small ones, for one large switch over types compiles badly. */
final class PgDecoders {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** From 1970-01-01 to 2000-01-01, where PostgreSQL counts from. */
    private static final int EPOCH_DAYS = 10_957;

    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    /** What PostgreSQL itself takes: from 4714-11-24 BC, that is before 5874898-06-04 and before the year 294277. */
    private static final int FIRST_DAY = -2_451_545;

    private static final int DAYS_END = 2_145_031_949;
    private static final long FIRST_MICROS = -211_813_488_000_000_000L;
    private static final long MICROS_END = 9_223_371_331_200_000_000L;
    /** DuckDB keeps the two largest values for infinity. */
    private static final long LAST_MICROS = Long.MAX_VALUE - 2 - EPOCH_MICROS;

    private PgDecoders() {}

    static short int2(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset);
    }

    static int int4(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    private static long int8(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    static PgDecoder of(Field field, WarningCounter warnings) {
        Column column = field.column();
        return switch (field.wire()) {
            case BOOL -> bool(column);
            case INT2 -> (bytes, offset, length, out, row) -> out.setLong(row, int2(bytes, offset));
            case INT4 -> (bytes, offset, length, out, row) -> out.setLong(row, int4(bytes, offset));
            case INT8 -> (bytes, offset, length, out, row) -> out.setLong(row, int8(bytes, offset));
            case FLOAT4 ->
                (bytes, offset, length, out, row) -> out.setDouble(row, Float.intBitsToFloat(int4(bytes, offset)));
            case FLOAT8 ->
                (bytes, offset, length, out, row) -> out.setDouble(row, Double.longBitsToDouble(int8(bytes, offset)));
            case NUMERIC -> new PgNumericDecoder(column, warnings);
            case TEXT, BYTEA -> (bytes, offset, length, out, row) -> out.setBytes(row, bytes, offset, length);
            case JSONB -> jsonb(column);
            case UUID -> uuid();
            case DATE -> date(column, warnings);
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(column, warnings);
        };
    }

    private static PgDecoder bool(Column column) {
        return (bytes, offset, length, out, row) -> {
            if ((bytes[offset] & ~1) != 0) {
                throw BadValue.in(column, null);
            }
            out.setBoolean(row, bytes[offset] != 0);
        };
    }

    /** One byte of version stands before the text. */
    private static PgDecoder jsonb(Column column) {
        return (bytes, offset, length, out, row) -> {
            if (bytes[offset] != 1) {
                throw BadValue.in(column, null);
            }
            out.setBytes(row, bytes, offset + 1, length - 1);
        };
    }

    private static PgDecoder uuid() {
        byte[] hex = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
        byte[] text = new byte[36];
        return (bytes, offset, length, out, row) -> {
            int at = 0;
            for (int i = 0; i < 16; i++) {
                if (i == 4 || i == 6 || i == 8 || i == 10) {
                    text[at++] = '-';
                }
                byte value = bytes[offset + i];
                text[at++] = hex[(value >> 4) & 15];
                text[at++] = hex[value & 15];
            }
            out.setBytes(row, text, 0, text.length);
        };
    }

    private static PgDecoder date(Column column, WarningCounter warnings) {
        return (bytes, offset, length, out, row) -> {
            int days = int4(bytes, offset);
            if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
                warnings.add(column.name(), "infinite_to_null");
                out.setNull(row);
            } else if (days < FIRST_DAY || days >= DAYS_END) {
                throw BadValue.in(column, null);
            } else {
                out.setLong(row, (long) days + EPOCH_DAYS);
            }
        };
    }

    private static PgDecoder timestamp(Column column, WarningCounter warnings) {
        return (bytes, offset, length, out, row) -> {
            long micros = int8(bytes, offset);
            if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
                warnings.add(column.name(), "infinite_to_null");
                out.setNull(row);
            } else if (micros < FIRST_MICROS || micros >= MICROS_END) {
                throw BadValue.in(column, null);
            } else if (micros > LAST_MICROS) {
                warnings.add(column.name(), "out_of_range_to_null");
                out.setNull(row);
            } else {
                out.setLong(row, micros + EPOCH_MICROS);
            }
        };
    }
}
