package dev.serai.rows;

/**
 * How a JDBC driver gives the values of a column so that nothing is lost and little is made on the way. Texts of numbers
 * and times come as bytes where the query casts them to text; else numbers as strings, and times as the
 * {@link StringBuilder} that the driver is asked for, which needs one that can be taught to give it.
 */
public enum JdbcForm {
    /** Whole numbers of up to 64 bits with a sign. */
    LONG,
    FLOAT,
    DOUBLE,
    /** Bits, the highest first, for BOOLEAN, BIGINT or DECIMAL. */
    BITS,
    /** Bytes as they are, UTF-8 for VARCHAR. */
    BYTES,
    /** Text that the driver gives as a string only. */
    STRING,
    DECIMAL_BYTES,
    DECIMAL_STRING,
    /** Such as {@code 2024-02-29}; what is no day, such as {@code 2024-00-00}, becomes NULL and is counted. */
    DATE_BYTES,
    DATE_CHARS,
    /** Such as {@code 2024-02-29 12:34:56.789}, of UTC for TIMESTAMPTZ; what is no day as for dates. */
    MOMENT_BYTES,
    MOMENT_CHARS,
    /** Text of what the driver would make something else of. */
    CHARS
}
