package dev.serai.rows;

import dev.serai.rows.LogicalType.Kind;

/** The forms in which PostgreSQL sends a value in {@code COPY … (FORMAT binary)} that can be decoded; cast all else to text. */
public enum PgWireType {
    BOOL(Kind.BOOLEAN),
    INT2(Kind.SMALLINT),
    INT4(Kind.INTEGER),
    INT8(Kind.BIGINT),
    FLOAT4(Kind.FLOAT),
    FLOAT8(Kind.DOUBLE),
    /** Only where precision and scale are known and at most 38 digits; else cast to text. */
    NUMERIC(Kind.DECIMAL),
    /** text, varchar, bpchar, name, json, xml, enums: UTF-8 as it stands. */
    TEXT(Kind.VARCHAR),
    JSONB(Kind.VARCHAR),
    UUID(Kind.VARCHAR),
    BYTEA(Kind.BLOB),
    DATE(Kind.DATE),
    TIMESTAMP(Kind.TIMESTAMP),
    TIMESTAMPTZ(Kind.TIMESTAMPTZ);

    private final Kind kind;

    PgWireType(Kind kind) {
        this.kind = kind;
    }

    /** The kind of column that holds it. */
    public Kind kind() {
        return kind;
    }
}
