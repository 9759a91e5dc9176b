package dev.serai.connector.sql.postgres;

import dev.serai.connector.sql.TypeRule;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.PgWireType;

/** Which of our types holds a PostgreSQL type, and in which form do its values travel? */
final class PostgresTypes {
    private static final int TYPMOD_HEADER = 4;
    /** As DuckDB's, which keeps the two largest numbers of microseconds for infinity. */
    private static final String LAST_TIME = "294247-01-10 04:00:54.775805";

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
        int digits = precision < 1 ? 0 : scale < 0 ? precision - scale : Math.max(precision, scale);
        TypeRule rule = PostgresVendor.DESCRIPTION.type(name, digits);
        PgWireType wire = rule.wire();
        if (wire == null) {
            throw new IllegalStateException("No form of COPY for " + name);
        }
        PostgresOrder order = rule.order() == null ? PostgresOrder.NONE : PostgresOrder.valueOf(rule.order());
        return new Form(rule.logical(digits, Math.max(scale, 0)), wire, rule.selecting(), order);
    }
}
