package dev.serai.rows.file;

import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/**
 * Does a text say the same as a value of a type? Only where the value, written again, is the text: {@code 007} is no
 * number. Of numbers with a point, zeros at the end may differ, of times the {@code T}, and a date is a time at midnight.
 * SQL; NULL of NULL.
 *
 * @param comma whether a comma stands before a number's fraction, and not a point
 */
record ValueForm(boolean comma) {
    /** Stands in the text of DuckDB's error where a value is not of the type. */
    static final String MARK = "serai:types";

    /** Up to 15 digits, which a DOUBLE keeps. */
    private static final String DECIMAL = "'-?(0|[1-9][0-9]*)(\\.[0-9]+)?'";

    static final ValueForm POINT = new ValueForm(false);

    /** Whether {@code x}, a text, is {@code type}'s. */
    String same(String x, LogicalType type) {
        return switch (type.kind()) {
            case VARCHAR -> "true";
            case DOUBLE ->
                "(strlen(" + x + ") <= 16 AND regexp_full_match(" + x + ", "
                        + (comma ? DECIMAL.replace("\\.", ",") : DECIMAL) + "))";
            case TIMESTAMP ->
                "(" + written(x, type) + " IN (" + seconds(x) + ", concat(" + seconds(x) + ", ' 00:00:00')))";
            default -> "(" + written(x, type) + " = " + x + ")";
        };
    }

    /** The value of {@code x}, and an error with {@link #MARK} where it is not the same. */
    String checked(String x, LogicalType type) {
        if (type.kind() == Kind.VARCHAR) {
            return x;
        }
        // DuckDB evaluates the same TRY_CAST once; an error that names no row would be thrown while planning.
        return "CASE WHEN " + x + " IS NULL OR " + same(x, type) + " THEN " + value(x, type) + " ELSE error(concat('"
                + MARK + "', left(" + x + ", 0))) END";
    }

    /** The value of {@code x}, and NULL where it has none of the type. */
    String value(String x, LogicalType type) {
        String text = comma && type.kind() == Kind.DOUBLE ? "replace(" + x + ", ',', '.')" : x;
        return "TRY_CAST(" + text + " AS " + type.duckdb() + ")";
    }

    private static String written(String x, LogicalType type) {
        return "coalesce(CAST(TRY_CAST(" + x + " AS " + type.duckdb() + ") AS VARCHAR), '')";
    }

    private static String seconds(String x) {
        String plain = "replace(" + x + ", 'T', ' ')";
        return "CASE WHEN contains(" + x + ", '.') THEN rtrim(rtrim(" + plain + ", '0'), '.') ELSE " + plain + " END";
    }
}
