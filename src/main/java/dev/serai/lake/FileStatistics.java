package dev.serai.lake;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Turns what DuckDB's {@code COPY … RETURN_STATS} says of a file into what Delta keeps of it. A bound that cannot be said
 * exactly is left out: readers then only skip less.
 */
final class FileStatistics {
    /** Delta's own writers keep statistics of so many columns. */
    private static final int COLUMNS = 32;
    /** And so many characters of a text. */
    private static final int CHARACTERS = 32;

    private FileStatistics() {}

    /** @param told for each physical name the values that DuckDB names {@code min}, {@code max}, {@code null_count} … */
    static DataFileStatistics of(long rows, Map<String, Map<String, String>> told, StructType schema) {
        Map<Column, Literal> smallest = new HashMap<>();
        Map<Column, Literal> largest = new HashMap<>();
        Map<Column, Long> nulls = new HashMap<>();
        for (StructField field : schema.fields().subList(0, Math.min(COLUMNS, schema.length()))) {
            if (DeltaSchema.type(field).isNested()) {
                continue;
            }
            String physical = DeltaSchema.physicalName(field);
            // DuckDB writes the column's path as SQL would.
            Map<String, String> values = told.getOrDefault('"' + physical + '"', Map.of());
            Column column = new Column(physical);
            String count = values.get("null_count");
            if (count != null) {
                nulls.put(column, Long.valueOf(count));
            }
            boolean nan = "true".equals(values.get("has_nan"));
            literal(values.get("min"), field.getDataType(), false).ifPresent(value -> smallest.put(column, value));
            if (!nan) {
                literal(values.get("max"), field.getDataType(), true).ifPresent(value -> largest.put(column, value));
            }
        }
        return new DataFileStatistics(rows, smallest, largest, nulls, Optional.of(true));
    }

    private static Optional<Literal> literal(@Nullable String value, DataType type, boolean largest) {
        if (value == null || type instanceof BinaryType) {
            return Optional.empty();
        }
        if (type instanceof StringType) {
            return text(value, largest);
        }
        if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return time(value, type);
        }
        return Optional.of(number(value, type));
    }

    /** The start of a text is a lower bound of it; an upper bound would need one more character. */
    private static Optional<Literal> text(String value, boolean largest) {
        if (value.codePointCount(0, value.length()) <= CHARACTERS) {
            return Optional.of(Literal.ofString(value));
        }
        return largest
                ? Optional.empty()
                : Optional.of(Literal.ofString(value.substring(0, value.offsetByCodePoints(0, CHARACTERS))));
    }

    /** Years from 1 to 9999 only: beyond, the forms of DuckDB and Delta differ. */
    private static Optional<Literal> time(String value, DataType type) {
        if (value.indexOf('-') != 4 || value.contains("BC")) {
            return Optional.empty();
        }
        if (type instanceof DateType) {
            return Optional.of(Literal.ofDate((int) LocalDate.parse(value).toEpochDay()));
        }
        String local = value.endsWith("+00") ? value.substring(0, value.length() - 3) : value;
        LocalDateTime time = LocalDateTime.parse(local.replace(' ', 'T'));
        long micros = ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
        return Optional.of(
                type instanceof TimestampType ? Literal.ofTimestamp(micros) : Literal.ofTimestampNtz(micros));
    }

    private static Literal number(String value, DataType type) {
        if (type instanceof BooleanType) {
            return Literal.ofBoolean(value.equals("1") || value.equals("true"));
        } else if (type instanceof ByteType) {
            return Literal.ofByte(Byte.parseByte(value));
        } else if (type instanceof ShortType) {
            return Literal.ofShort(Short.parseShort(value));
        } else if (type instanceof IntegerType) {
            return Literal.ofInt(Integer.parseInt(value));
        } else if (type instanceof LongType) {
            return Literal.ofLong(Long.parseLong(value));
        } else if (type instanceof FloatType) {
            return Literal.ofFloat((float) real(value));
        } else if (type instanceof DoubleType) {
            return Literal.ofDouble(real(value));
        } else if (type instanceof DecimalType decimal) {
            return Literal.ofDecimal(new BigDecimal(value), decimal.getPrecision(), decimal.getScale());
        }
        throw new IllegalArgumentException("No statistics of " + type);
    }

    private static double real(String value) {
        return switch (value) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(value);
        };
    }
}
