package dev.serai.rows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import org.jspecify.annotations.Nullable;

/** Writes Java objects of the usual kinds into one column. */
final class ObjectEncoder {
    private final Column column;
    private final WarningCounter warnings;

    ObjectEncoder(Column column, WarningCounter warnings) {
        this.column = column;
        this.warnings = warnings;
    }

    void encode(@Nullable Object value, ColumnWriter out, int row) {
        if (value == null) {
            out.setNull(row);
            return;
        }
        if (column.type().kind() == LogicalType.Kind.DECIMAL
                && value instanceof Number number
                && !Double.isFinite(number.doubleValue())) {
            warnings.add(column.name(), "nan_to_null");
            out.setNull(row);
            return;
        }
        try {
            write(value, out, row);
        } catch (ArithmeticException e) {
            // No other type overflows here: decimals and integers that do not fit are told apart below.
            warnings.add(column.name(), "out_of_range_to_null");
            out.setNull(row);
        }
    }

    private void write(Object value, ColumnWriter out, int row) {
        switch (column.type().kind()) {
            case BOOLEAN -> out.setBoolean(row, truth(value));
            case TINYINT, SMALLINT, INTEGER, BIGINT -> out.setLong(row, integer(value));
            case FLOAT, DOUBLE -> out.setDouble(row, number(value).doubleValue());
            case DECIMAL -> out.setDecimal(row, BadValue.fit(column, decimal(value)));
            case VARCHAR -> out.setString(row, text(value));
            case BLOB -> {
                byte[] bytes = bytes(value);
                out.setBytes(row, bytes, 0, bytes.length);
            }
            case DATE -> out.setLong(row, days(value));
            case TIMESTAMP -> out.setLong(row, micros(local(value).toInstant(ZoneOffset.UTC)));
            case TIMESTAMPTZ -> out.setLong(row, micros(instant(value)));
            case STRUCT, LIST -> throw BadValue.in(column, null);
        }
    }

    private boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return number(value).intValue() != 0;
    }

    private long integer(Object value) {
        BigInteger integer = null;
        if (value instanceof BigDecimal decimal) {
            integer = BadValue.fit(Column.of(column.name(), LogicalType.decimal(38, 0)), decimal)
                    .toBigInteger();
        } else if (value instanceof BigInteger big) {
            integer = big;
        }
        if (integer != null) {
            if (integer.bitLength() >= Long.SIZE) {
                throw BadValue.in(column, null);
            }
            return integer.longValue();
        }
        return value instanceof Boolean truth ? (truth ? 1 : 0) : number(value).longValue();
    }

    private Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw BadValue.in(column, null);
    }

    private BigDecimal decimal(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        return new BigDecimal(number(value).toString());
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value.toString();
    }

    private byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw BadValue.in(column, null);
    }

    private long days(Object value) {
        if (value instanceof LocalDate date) {
            long days = date.toEpochDay();
            if (days != (int) days) {
                throw new ArithmeticException();
            }
            return days;
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().toEpochDay();
        }
        return local(value).toLocalDate().toEpochDay();
    }

    private LocalDateTime local(Object value) {
        if (value instanceof LocalDateTime time) {
            return time;
        }
        if (value instanceof Timestamp time) {
            return time.toLocalDateTime();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().atStartOfDay();
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        throw BadValue.in(column, null);
    }

    private Instant instant(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        }
        if (value instanceof Timestamp time) {
            return time.toInstant();
        }
        throw BadValue.in(column, null);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
