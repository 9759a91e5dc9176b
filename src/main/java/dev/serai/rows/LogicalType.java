package dev.serai.rows;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The type of a column as datasets, answers and DuckDB see it.
 *
 * @param precision of a DECIMAL, 1 to 38; else 0
 * @param scale of a DECIMAL, 0 to precision; else 0
 * @param members of a STRUCT, one at least, whose names differ in more than case; of a LIST its one element; else none
 */
public record LogicalType(Kind kind, int precision, int scale, List<Member> members) {
    /** Decimals of so many digits fit a long without their point. */
    static final int MAX_UNSCALED_DIGITS = 18;

    /** Kinds that a Delta table can hold without loss; all else travels as VARCHAR. */
    public enum Kind {
        BOOLEAN,
        TINYINT,
        SMALLINT,
        INTEGER,
        BIGINT,
        FLOAT,
        DOUBLE,
        DECIMAL,
        VARCHAR,
        BLOB,
        DATE,
        /** Microseconds without a zone. */
        TIMESTAMP,
        /** Microseconds, an instant. */
        TIMESTAMPTZ,
        STRUCT,
        LIST
    }

    /** A part of a nested type. */
    public record Member(String name, LogicalType type) {}

    private static final String ELEMENT = "element";

    /** @param members absent where it was written down before there were nested types */
    public LogicalType(Kind kind, int precision, int scale, @Nullable List<Member> members) {
        this.kind = kind;
        this.precision = precision;
        this.scale = scale;
        this.members = members == null ? List.of() : List.copyOf(members);
        boolean decimal = kind == Kind.DECIMAL;
        if (decimal
                ? precision < 1 || precision > 38 || scale < 0 || scale > precision
                : precision != 0 || scale != 0) {
            throw new IllegalArgumentException("No such type: " + kind + "(" + precision + "," + scale + ")");
        }
        int count = this.members.size();
        if (kind == Kind.STRUCT ? count < 1 : count != (kind == Kind.LIST ? 1 : 0)) {
            throw new IllegalArgumentException("No such type: " + kind + " of " + count);
        }
    }

    public static LogicalType of(Kind kind) {
        return new LogicalType(kind, 0, 0, List.of());
    }

    public static LogicalType decimal(int precision, int scale) {
        return new LogicalType(Kind.DECIMAL, precision, scale, List.of());
    }

    public static LogicalType struct(List<Member> members) {
        return new LogicalType(Kind.STRUCT, 0, 0, members);
    }

    public static LogicalType list(LogicalType element) {
        return new LogicalType(Kind.LIST, 0, 0, List.of(new Member(ELEMENT, element)));
    }

    public boolean isNested() {
        return !members.isEmpty();
    }

    /** The type of a LIST's elements. */
    public LogicalType element() {
        return members.get(0).type();
    }

    /** Whether it holds all that the other one does as it is, where what is missing is NULL. */
    public boolean covers(LogicalType other) {
        if (kind != other.kind || !isNested()) {
            return equals(other);
        }
        return other.members.stream().allMatch(theirs -> members.stream()
                .anyMatch(
                        ours -> ours.name().equals(theirs.name()) && ours.type().covers(theirs.type())));
    }

    /** The name in SQL and in answers, such as {@code DECIMAL(10,2)} or {@code TIMESTAMP WITH TIME ZONE}. */
    public String duckdb() {
        return switch (kind) {
            case DECIMAL -> "DECIMAL(" + precision + "," + scale + ")";
            case TIMESTAMPTZ -> "TIMESTAMP WITH TIME ZONE";
            case LIST -> element().duckdb() + "[]";
            case STRUCT ->
                members.stream()
                        .map(member -> SqlText.identifier(member.name()) + " "
                                + member.type().duckdb())
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
            default -> kind.name();
        };
    }
}
