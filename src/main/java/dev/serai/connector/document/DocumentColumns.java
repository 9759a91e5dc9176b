package dev.serai.connector.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;

/**
 * Which columns do documents have that were seen so far? Every field of any of them, in order of first appearance. A field
 * whose values have types that no one type of ours holds is text, and the values that differ from the first one's are
 * counted.
 */
final class DocumentColumns implements TextSource.Known {
    private static final String ID = "_id";
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final long FIRST_TIME = -62_135_596_800_000L;
    private static final long LAST_TIME = 253_402_300_799_999L;
    private static final int MOST_DIGITS = 38;

    private enum Kind {
        BOOLEAN("bool"),
        WHOLE("long"),
        LARGE_WHOLE("long"),
        REAL("double"),
        DECIMAL("decimal"),
        TIME("date"),
        BYTES("binData"),
        TEXT("string"),
        ID("objectId"),
        OTHER("object");

        private final String bson;

        Kind(String bson) {
            this.bson = bson;
        }
    }

    private static final class Field {
        private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        private final Set<String> natives = new TreeSet<>();
        private @Nullable Kind first;
        private long nulls;
        private int scale;
        private int whole;
        private boolean unbounded;
    }

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private int longest;
    private long documents;

    /** @param asked the columns there are to be in any case, in this order; where there are any, no others */
    DocumentColumns(List<String> asked) {
        asked.forEach(name -> fields.put(name, new Field()));
    }

    void see(Document document) {
        documents++;
        document.forEach(this::see);
    }

    void see(String name, @Nullable Object value) {
        Field field = fields.computeIfAbsent(name, unseen -> new Field());
        if (value == null || value instanceof BsonUndefined) {
            field.nulls++;
            return;
        }
        Kind kind = kind(value);
        field.first = field.first == null ? kind : field.first;
        field.counts.merge(kind, 1L, Long::sum);
        field.natives.add(kind == Kind.OTHER ? other(value) : kind.bson);
        if (kind == Kind.DECIMAL && value instanceof Decimal128 decimal) {
            bound(field, decimal);
        }
    }

    void length(int bytes) {
        longest = Math.max(longest, bytes);
    }

    private static void bound(Field field, Decimal128 decimal) {
        if (!decimal.isFinite() || isNegativeZero(decimal)) {
            field.unbounded = true;
            return;
        }
        BigDecimal exact = decimal.bigDecimalValue();
        field.scale = Math.max(field.scale, exact.scale());
        field.whole = Math.max(field.whole, exact.precision() - exact.scale());
    }

    /** Which no decimal of Java's and DuckDB's is. */
    static boolean isNegativeZero(Decimal128 decimal) {
        return decimal.isNegative() && decimal.isFinite() && decimal.toString().matches("-0(\\.0*)?(E.*)?");
    }

    private static Kind kind(Object value) {
        if (value instanceof String) {
            return Kind.TEXT;
        } else if (value instanceof Integer) {
            return Kind.WHOLE;
        } else if (value instanceof Long number) {
            return Math.abs(number) > EXACT_IN_DOUBLE || number == Long.MIN_VALUE ? Kind.LARGE_WHOLE : Kind.WHOLE;
        } else if (value instanceof Double) {
            return Kind.REAL;
        } else if (value instanceof Boolean) {
            return Kind.BOOLEAN;
        } else if (value instanceof Date date) {
            return date.getTime() >= FIRST_TIME && date.getTime() <= LAST_TIME ? Kind.TIME : Kind.OTHER;
        } else if (value instanceof ObjectId) {
            return Kind.ID;
        } else if (value instanceof Decimal128) {
            return Kind.DECIMAL;
        } else if (value instanceof Binary binary) {
            return binary.getType() == 4 ? Kind.OTHER : Kind.BYTES;
        }
        return Kind.OTHER;
    }

    private static String other(Object value) {
        if (value instanceof List) {
            return "array";
        } else if (value instanceof Map) {
            return "object";
        } else if (value instanceof Date) {
            return "date";
        }
        return value instanceof Binary ? "uuid" : "other";
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        fields.forEach((name, field) -> {
            LogicalType type = type(field);
            boolean id = name.equals(ID);
            columns.add(new Column(
                    name,
                    type,
                    field.natives.isEmpty() ? "null" : String.join(", ", field.natives),
                    !id && (field.nulls > 0 || count(field) < documents || documents == 0),
                    id,
                    canBePosition(field, type)));
        });
        return columns;
    }

    private static boolean canBePosition(Field field, LogicalType type) {
        return switch (type.kind()) {
            case TIMESTAMPTZ, BIGINT, DECIMAL -> true;
            default -> field.counts.size() == 1 && field.counts.containsKey(Kind.ID);
        };
    }

    private static long count(Field field) {
        return field.counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static LogicalType type(Field field) {
        Set<Kind> kinds = field.counts.keySet();
        if (kinds.isEmpty()) {
            return LogicalType.of(LogicalType.Kind.VARCHAR);
        } else if (Set.of(Kind.WHOLE, Kind.LARGE_WHOLE).containsAll(kinds)) {
            return LogicalType.of(LogicalType.Kind.BIGINT);
        } else if (Set.of(Kind.WHOLE, Kind.REAL).containsAll(kinds)) {
            return LogicalType.of(LogicalType.Kind.DOUBLE);
        } else if (Set.of(Kind.WHOLE, Kind.LARGE_WHOLE, Kind.DECIMAL).containsAll(kinds)) {
            int whole = Math.max(field.whole, kinds.size() > 1 ? 19 : 0);
            return field.unbounded || whole + field.scale > MOST_DIGITS
                    ? LogicalType.of(LogicalType.Kind.VARCHAR)
                    : LogicalType.decimal(MOST_DIGITS, Math.max(0, field.scale));
        } else if (kinds.size() > 1) {
            return LogicalType.of(LogicalType.Kind.VARCHAR);
        }
        return LogicalType.of(
                switch (kinds.iterator().next()) {
                    case BOOLEAN -> LogicalType.Kind.BOOLEAN;
                    case TIME -> LogicalType.Kind.TIMESTAMPTZ;
                    case BYTES -> LogicalType.Kind.BLOB;
                    default -> LogicalType.Kind.VARCHAR;
                });
    }

    @Override
    public int longestLine() {
        return longest;
    }

    @Override
    public List<RowWarning> warnings() {
        List<RowWarning> warnings = new ArrayList<>();
        fields.forEach((name, field) -> {
            boolean mixed = field.counts.size() > 1 && type(field).kind() == LogicalType.Kind.VARCHAR;
            if (mixed && field.first != null) {
                long others = count(field) - field.counts.getOrDefault(field.first, 0L);
                warnings.add(new RowWarning(name, "type_changed", others));
            }
        });
        return warnings;
    }
}
