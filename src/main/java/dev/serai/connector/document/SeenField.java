package dev.serai.connector.document;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.bson.BsonUndefined;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowWarning;

/** Which type holds all values that a field had so far? Text, where no one type of ours does. */
final class SeenField {
    private static final int MOST_DIGITS = 38;
    private static final int DIGITS_OF_LONG = 19;

    private final String name;
    private final boolean key;
    private final Map<ValueKind, Long> counts = new EnumMap<>(ValueKind.class);
    private final Set<String> natives = new TreeSet<>();
    private @Nullable ValueKind first;
    private long values;
    private int scale;
    private int whole;
    private boolean unbounded;

    /** @param key whether it tells documents apart */
    SeenField(String name, boolean key) {
        this.name = name;
        this.key = key;
    }

    void see(@Nullable Object value) {
        if (value == null || value instanceof BsonUndefined) {
            return;
        }
        ValueKind kind = ValueKind.of(value);
        first = first == null ? kind : first;
        values++;
        counts.merge(kind, 1L, Long::sum);
        natives.add(ValueKind.nativeName(value));
        if (value instanceof Decimal128 decimal) {
            bound(decimal);
        }
    }

    private void bound(Decimal128 decimal) {
        if (!JsonValue.isNumber(decimal)) {
            unbounded = true;
            return;
        }
        BigDecimal exact = decimal.bigDecimalValue();
        scale = Math.max(scale, exact.scale());
        whole = Math.max(whole, exact.precision() - exact.scale());
    }

    /** @param documents how many there were, with the field or without it */
    Column column(long documents) {
        LogicalType type = type();
        return new Column(
                name,
                type,
                natives.isEmpty() ? "null" : String.join(", ", natives),
                !key && (values < documents || documents == 0),
                key,
                canBePosition(type));
    }

    private boolean canBePosition(LogicalType type) {
        return switch (type.kind()) {
            case TIMESTAMPTZ, BIGINT, DECIMAL -> true;
            default -> counts.size() == 1 && counts.containsKey(ValueKind.ID);
        };
    }

    private LogicalType type() {
        Set<ValueKind> kinds = counts.keySet();
        if (kinds.isEmpty()) {
            return LogicalType.of(LogicalType.Kind.VARCHAR);
        } else if (Set.of(ValueKind.WHOLE, ValueKind.LARGE_WHOLE).containsAll(kinds)) {
            return LogicalType.of(LogicalType.Kind.BIGINT);
        } else if (Set.of(ValueKind.WHOLE, ValueKind.REAL).containsAll(kinds)) {
            return LogicalType.of(LogicalType.Kind.DOUBLE);
        } else if (Set.of(ValueKind.WHOLE, ValueKind.LARGE_WHOLE, ValueKind.DECIMAL)
                .containsAll(kinds)) {
            int digits = Math.max(whole, kinds.size() > 1 ? DIGITS_OF_LONG : 0);
            return unbounded || digits + scale > MOST_DIGITS
                    ? LogicalType.of(LogicalType.Kind.VARCHAR)
                    : LogicalType.decimal(MOST_DIGITS, Math.max(0, scale));
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

    /** The values whose kind was another than the first one's, where that made the column text. */
    Optional<RowWarning> warning() {
        if (first == null || counts.size() < 2 || type().kind() != LogicalType.Kind.VARCHAR) {
            return Optional.empty();
        }
        return Optional.of(new RowWarning(name, "type_changed", values - counts.getOrDefault(first, 0L)));
    }
}
