package dev.serai.connector.sql.postgres;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How do the values of a type follow one another, and how is a lower bound said so that PostgreSQL and DuckDB agree on what
 * lies above it? Columns are compared in their own type, so that an index on them serves.
 */
enum PostgresOrder {
    /** As the column's text does not sort as its values do, or nobody would expect an order of them. */
    NONE(""),
    INTEGER("int8"),
    DECIMAL("numeric"),
    FLOAT4("float4"),
    FLOAT8("float8"),
    DATE("date"),
    TIMESTAMP("timestamp"),
    TIMESTAMPTZ("timestamptz"),
    UUID("uuid"),
    /** Byte by byte, as DuckDB's; an index serves where its collation is "C", too. */
    TEXT("text"),
    /** The same, with the blanks at the end, which a comparison of {@code char(n)} passes over. */
    PADDED_TEXT("text");

    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final Pattern BEFORE_CHRIST = Pattern.compile("^(.*?) \\(BC\\)(.*)$", Pattern.DOTALL);

    private final String type;

    PostgresOrder(String type) {
        this.type = type;
    }

    /** PostgreSQL's name of the type that a bound has. */
    String type() {
        return type;
    }

    /** Whether discovery offers columns of this order; text and UUIDs grow by chance only, so they are for people to choose. */
    boolean suggested() {
        return switch (this) {
            case INTEGER, DECIMAL, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
            default -> false;
        };
    }

    /** Whether a position is a bound at all: above what is not finite nothing is left, and yet rows come. */
    boolean bounds(String position) {
        return this != DECIMAL || !NOT_FINITE.contains(position);
    }

    /** @param position as DuckDB prints it */
    String inPostgres(String position) {
        return switch (this) {
            case INTEGER -> whole(position);
            case DATE, TIMESTAMP, TIMESTAMPTZ -> {
                Matcher early = BEFORE_CHRIST.matcher(position);
                yield early.matches() ? early.group(1) + early.group(2) + " BC" : position;
            }
            default -> position;
        };
    }

    private static String whole(String position) {
        try {
            return position.indexOf('.') < 0
                    ? position
                    : new BigDecimal(position).setScale(0, RoundingMode.CEILING).toPlainString();
        } catch (NumberFormatException e) {
            // The server says what is wrong with it.
            return position;
        }
    }

    /**
     * The condition that a value is not below a bound.
     *
     * @param column an SQL expression
     * @param bound an SQL literal
     * @param utf8 whether the database keeps texts in UTF-8, by whose bytes DuckDB compares
     */
    String atLeast(String column, String bound, boolean utf8) {
        return switch (this) {
            case TEXT -> text(column + "::text", bound, utf8);
            case PADDED_TEXT -> column + " IS NOT NULL AND " + text("pg_catalog.concat(" + column + ")", bound, utf8);
            default -> column + " >= " + bound + "::" + type;
        };
    }

    private static String text(String column, String bound, boolean utf8) {
        return utf8
                ? column + " COLLATE \"C\" >= " + bound
                : "pg_catalog.convert_to(" + column + ", 'UTF8') >= pg_catalog.convert_to(" + bound + ", 'UTF8')";
    }

    /** The condition that a value has no place in datasets, where it is NULL, and yet is below all bounds. */
    String lowest(String column) {
        return switch (this) {
            case DATE, TIMESTAMP, TIMESTAMPTZ -> " OR " + column + " = '-infinity'::" + type;
            default -> "";
        };
    }
}
