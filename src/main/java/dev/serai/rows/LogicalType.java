package dev.serai.rows;

/**
 * The type of a column as datasets, answers and DuckDB see it.
 *
 * @param precision of a DECIMAL, 1 to 38; else 0
 * @param scale of a DECIMAL, 0 to precision; else 0
 */
public record LogicalType(Kind kind, int precision, int scale) {
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
        TIMESTAMPTZ
    }

    public LogicalType {
        boolean decimal = kind == Kind.DECIMAL;
        if (decimal
                ? precision < 1 || precision > 38 || scale < 0 || scale > precision
                : precision != 0 || scale != 0) {
            throw new IllegalArgumentException("No such type: " + kind + "(" + precision + "," + scale + ")");
        }
    }

    public static LogicalType of(Kind kind) {
        return new LogicalType(kind, 0, 0);
    }

    public static LogicalType decimal(int precision, int scale) {
        return new LogicalType(Kind.DECIMAL, precision, scale);
    }

    /** The name in SQL and in answers, such as {@code DECIMAL(10,2)} or {@code TIMESTAMP WITH TIME ZONE}. */
    public String duckdb() {
        return switch (kind) {
            case DECIMAL -> "DECIMAL(" + precision + "," + scale + ")";
            case TIMESTAMPTZ -> "TIMESTAMP WITH TIME ZONE";
            default -> kind.name();
        };
    }
}
