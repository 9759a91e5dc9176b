package dev.serai.rows;

/**
 * Values of one column that were changed on their way, counted.
 *
 * @param code such as {@code nan_to_null}, {@code infinite_to_null}, {@code out_of_range_to_null}
 */
public record RowWarning(String column, String code, long count) {}
