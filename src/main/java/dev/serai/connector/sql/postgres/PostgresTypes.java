package dev.serai.connector.sql.postgres;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.PgWireType;

/** Which of our types holds a PostgreSQL type, and in which form do its values travel? */
final class PostgresTypes {
    private static final int TYPMOD_HEADER = 4;
    private static final int MAX_PRECISION = 38;
    /** As DuckDB's, which keeps the two largest numbers of microseconds for infinity. */
    private static final String LAST_TIME = "294247-01-10 04:00:54.775805";

    /** By {@code pg_type.typname}; those with {@code serial} are what the driver calls a generated integer. */
    private static final Map<String, PgWireType> WIRES = Map.ofEntries(
            Map.entry("bool", PgWireType.BOOL),
            Map.entry("int2", PgWireType.INT2),
            Map.entry("smallserial", PgWireType.INT2),
            Map.entry("int4", PgWireType.INT4),
            Map.entry("serial", PgWireType.INT4),
            Map.entry("int8", PgWireType.INT8),
            Map.entry("bigserial", PgWireType.INT8),
            Map.entry("float4", PgWireType.FLOAT4),
            Map.entry("float8", PgWireType.FLOAT8),
            Map.entry("text", PgWireType.TEXT),
            Map.entry("varchar", PgWireType.TEXT),
            Map.entry("bpchar", PgWireType.TEXT),
            Map.entry("json", PgWireType.TEXT),
            Map.entry("jsonb", PgWireType.JSONB),
            Map.entry("uuid", PgWireType.UUID),
            Map.entry("bytea", PgWireType.BYTEA),
            Map.entry("date", PgWireType.DATE),
            Map.entry("timestamp", PgWireType.TIMESTAMP),
            Map.entry("timestamptz", PgWireType.TIMESTAMPTZ));

    private static final Form TEXT =
            new Form(LogicalType.of(Kind.VARCHAR), PgWireType.TEXT, "%1$s::text", PostgresOrder.NONE);
    /** For types that have no cast to text, or one that says something else than the type's own output. */
    private static final Form PRINTED = new Form(
            LogicalType.of(Kind.VARCHAR),
            PgWireType.TEXT,
            "CASE WHEN %1$s IS NOT NULL THEN format('%%s', %1$s) END",
            PostgresOrder.NONE);

    private static final Set<String> TEXTS = Set.of("text", "varchar", "name", "citext");
    private static final Set<String> PRINTED_TYPES = Set.of("void", "inet");

    private PostgresTypes() {}

    /**
     * How one column travels.
     *
     * @param cast what makes the source send a value in this form; {@code %1$s} stands for the column
     * @param order by which an incremental sync may go
     */
    record Form(LogicalType type, PgWireType wire, String cast, PostgresOrder order) {

        /** Whether an incremental sync may go by the column's values without anybody having chosen so. */
        boolean watermarkCandidate() {
            return order.suggested();
        }

        /** Whether the values are decimals beyond all that a DECIMAL holds, and so are texts. */
        boolean isEndless() {
            return order == PostgresOrder.DECIMAL && type.kind() == Kind.VARCHAR;
        }

        private Form by(PostgresOrder other) {
            return new Form(type, wire, cast, other);
        }

        /** What selects a column for COPY. */
        String copied(String column) {
            return cast.formatted(column);
        }

        /**
         * What selects a column for the JDBC driver: dates as days and times as microseconds since 1970, since the
         * driver would bend them to Java's time zone; those that COPY's decoders make NULL as NULL.
         */
        String fetched(String column) {
            return switch (wire) {
                case DATE -> "CASE WHEN isfinite(%1$s) THEN %1$s - DATE '1970-01-01' END".formatted(column);
                case TIMESTAMP -> micros("TIMESTAMP '" + LAST_TIME + "'").formatted(column);
                case TIMESTAMPTZ -> micros("TIMESTAMPTZ '" + LAST_TIME + "+00'").formatted(column);
                default -> copied(column);
            };
        }
    }

    private static String micros(String last) {
        return "CASE WHEN isfinite(%1$s) AND %1$s <= " + last + " THEN (extract(epoch FROM %1$s) * 1000000)::int8 END";
    }

    /**
     * @param name of the type, if it is one of PostgreSQL's own; of the base type for a domain
     * @param typmod as {@code pg_attribute} keeps it; -1 where there is none
     */
    static Form of(String name, int typmod) {
        if (typmod < TYPMOD_HEADER) {
            return of(name, 0, 0);
        }
        int packed = typmod - TYPMOD_HEADER;
        return of(name, (packed >> 16) & 0xffff, scale(packed));
    }

    /** The scale of a numeric, which its type modifier keeps in eleven bits, and which the driver tells without its sign. */
    static int scale(int bits) {
        return ((bits & 0x7ff) ^ 1024) - 1024;
    }

    /**
     * @param precision of a numeric; 0 where it has none
     * @param scale may be negative, or larger than the precision
     */
    static Form of(String name, int precision, int scale) {
        if (name.equals("numeric")) {
            int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
            return precision < 1 || digits > MAX_PRECISION
                    ? TEXT.by(PostgresOrder.DECIMAL)
                    : new Form(
                            LogicalType.decimal(digits, Math.max(scale, 0)),
                            PgWireType.NUMERIC,
                            "%1$s",
                            PostgresOrder.DECIMAL);
        }
        if (PRINTED_TYPES.contains(name)) {
            return PRINTED;
        }
        PgWireType wire = WIRES.get(name);
        PostgresOrder order = order(name, wire);
        return wire == null ? TEXT.by(order) : new Form(LogicalType.of(wire.kind()), wire, "%1$s", order);
    }

    private static PostgresOrder order(String name, @Nullable PgWireType wire) {
        if (name.equals("bpchar")) {
            return PostgresOrder.PADDED_TEXT;
        }
        if (TEXTS.contains(name)) {
            return PostgresOrder.TEXT;
        }
        if (wire == null) {
            return PostgresOrder.NONE;
        }
        return switch (wire) {
            case INT2, INT4, INT8 -> PostgresOrder.INTEGER;
            case FLOAT4 -> PostgresOrder.FLOAT4;
            case FLOAT8 -> PostgresOrder.FLOAT8;
            case UUID -> PostgresOrder.UUID;
            case DATE -> PostgresOrder.DATE;
            case TIMESTAMP -> PostgresOrder.TIMESTAMP;
            case TIMESTAMPTZ -> PostgresOrder.TIMESTAMPTZ;
            default -> PostgresOrder.NONE;
        };
    }
}
