package dev.serai.rows;

import dev.serai.rows.LogicalType.Kind;

/** The forms in which PostgreSQL sends a value in {@code COPY … (FORMAT binary)} that can be decoded; cast all else to text. */
public enum PgWireType {
    BOOL(Kind.BOOLEAN, 1, 1),
    INT2(Kind.SMALLINT, 2, 2),
    INT4(Kind.INTEGER, 4, 4),
    INT8(Kind.BIGINT, 8, 8),
    FLOAT4(Kind.FLOAT, 4, 4),
    FLOAT8(Kind.DOUBLE, 8, 8),
    /** Only where precision and scale are known and at most 38 digits; else cast to text. */
    NUMERIC(Kind.DECIMAL, 8, Integer.MAX_VALUE),
    /** text, varchar, bpchar, name, json, xml, enums: UTF-8 as it stands. */
    TEXT(Kind.VARCHAR, 0, Integer.MAX_VALUE),
    JSONB(Kind.VARCHAR, 1, Integer.MAX_VALUE),
    UUID(Kind.VARCHAR, 16, 16),
    BYTEA(Kind.BLOB, 0, Integer.MAX_VALUE),
    DATE(Kind.DATE, 4, 4),
    TIMESTAMP(Kind.TIMESTAMP, 8, 8),
    TIMESTAMPTZ(Kind.TIMESTAMPTZ, 8, 8);

    private final Kind kind;
    private final int shortest;
    private final int longest;

    PgWireType(Kind kind, int shortest, int longest) {
        this.kind = kind;
        this.shortest = shortest;
        this.longest = longest;
    }

    /** The kind of column that holds it. */
    public Kind kind() {
        return kind;
    }

    /** Whether a value can take so many bytes; if not, the column is of another type than was agreed on. */
    boolean canTake(int bytes) {
        return bytes >= shortest && bytes <= longest;
    }
}
