package dev.serai.rows;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.JdbcSource.Field;

/** The reader for each form; small ones, for one large switch over forms compiles badly. */
final class JdbcReaders {
    private static final String NO_SUCH_DAY = "invalid_date_to_null";

    private JdbcReaders() {}

    /** A value as ASCII; null for NULL. */
    private interface Ascii {
        byte @Nullable [] of(ResultSet result) throws SQLException;
    }

    /** A value as text; null for NULL. */
    private interface Text {
        @Nullable
        String of(ResultSet result) throws SQLException;
    }

    /** @param index of the column, from 1 */
    static JdbcReader of(Field field, int index, WarningCounter warnings) {
        Column column = field.column();
        return switch (field.form()) {
            case LONG -> integer(column, index);
            case FLOAT -> single(index);
            case DOUBLE -> real(index);
            case BITS -> bits(column, index);
            case BYTES -> bytes(index);
            case STRING -> text(result -> result.getString(index));
            case CHARS -> text(result -> chars(result, index));
            case DECIMAL_BYTES -> decimal(column, result -> result.getBytes(index));
            case DECIMAL_STRING -> decimal(column, ascii(result -> result.getString(index)));
            case DATE_BYTES -> date(column, result -> result.getBytes(index), warnings);
            case DATE_CHARS -> date(column, ascii(result -> chars(result, index)), warnings);
            case MOMENT_BYTES -> moment(column, result -> result.getBytes(index), warnings);
            case MOMENT_CHARS -> moment(column, ascii(result -> chars(result, index)), warnings);
        };
    }

    private static JdbcReader integer(Column column, int index) {
        return (result, out, row) -> {
            long value = result.getLong(index);
            if (value == 0 && result.wasNull()) {
                out.setNull(row);
                return;
            }
            try {
                out.setLong(row, value);
            } catch (ArithmeticException e) {
                throw BadValue.in(column, e);
            }
        };
    }

    private static JdbcReader single(int index) {
        return (result, out, row) -> {
            float value = result.getFloat(index);
            if (value == 0 && result.wasNull()) {
                out.setNull(row);
            } else {
                out.setDouble(row, value);
            }
        };
    }

    private static JdbcReader real(int index) {
        return (result, out, row) -> {
            double value = result.getDouble(index);
            if (value == 0 && result.wasNull()) {
                out.setNull(row);
            } else {
                out.setDouble(row, value);
            }
        };
    }

    private static JdbcReader bits(Column column, int index) {
        return (result, out, row) -> {
            byte[] bytes = result.getBytes(index);
            if (bytes == null) {
                out.setNull(row);
                return;
            }
            if (bytes.length > Long.BYTES) {
                throw BadValue.in(column, null);
            }
            long value = 0;
            for (byte each : bytes) {
                value = value << 8 | each & 0xff;
            }
            switch (column.type().kind()) {
                case BOOLEAN -> out.setBoolean(row, value != 0);
                case DECIMAL -> DecimalText.write(column, ascii(Long.toUnsignedString(value)), out, row);
                default -> out.setLong(row, value);
            }
        };
    }

    private static JdbcReader bytes(int index) {
        return (result, out, row) -> {
            byte[] value = result.getBytes(index);
            if (value == null) {
                out.setNull(row);
            } else {
                out.setBytes(row, value, 0, value.length);
            }
        };
    }

    private static JdbcReader text(Text text) {
        return (result, out, row) -> {
            String value = text.of(result);
            if (value == null) {
                out.setNull(row);
            } else {
                out.setString(row, value);
            }
        };
    }

    private static JdbcReader decimal(Column column, Ascii text) {
        return (result, out, row) -> {
            byte[] value = text.of(result);
            if (value == null) {
                out.setNull(row);
            } else {
                DecimalText.write(column, value, out, row);
            }
        };
    }

    private static JdbcReader date(Column column, Ascii text, WarningCounter warnings) {
        return (result, out, row) -> write(DateText::days, column, text.of(result), out, row, warnings);
    }

    private static JdbcReader moment(Column column, Ascii text, WarningCounter warnings) {
        return (result, out, row) -> write(DateText::micros, column, text.of(result), out, row, warnings);
    }

    private interface Parse {
        long of(byte[] text);
    }

    private static void write(
            Parse parse, Column column, byte @Nullable [] text, ColumnWriter out, int row, WarningCounter warnings) {
        if (text == null) {
            out.setNull(row);
            return;
        }
        long value = parse.of(text);
        if (value == DateText.NONE) {
            warnings.add(column.name(), NO_SUCH_DAY);
            out.setNull(row);
        } else {
            out.setLong(row, value);
        }
    }

    private static @Nullable String chars(ResultSet result, int index) throws SQLException {
        StringBuilder value = result.getObject(index, StringBuilder.class);
        return value == null ? null : value.toString();
    }

    private static Ascii ascii(Text text) {
        return result -> {
            String value = text.of(result);
            return value == null ? null : ascii(value);
        };
    }

    private static byte[] ascii(String value) {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }
}
