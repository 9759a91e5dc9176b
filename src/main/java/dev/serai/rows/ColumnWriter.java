package dev.serai.rows;

import java.math.BigDecimal;

/**
 * Writes one column of a batch; {@code row} is from 0 to capacity - 1. Every row below the count a cursor returns must
 * have been written, NULL included. A method that does not fit the column's type fails.
 */
public interface ColumnWriter {
    void setNull(int row);

    void setBoolean(int row, boolean value);

    /** TINYINT, SMALLINT, INTEGER, BIGINT; DATE as days since 1970-01-01; TIMESTAMP and TIMESTAMPTZ as microseconds since then. */
    void setLong(int row, long value);

    /** FLOAT and DOUBLE. */
    void setDouble(int row, double value);

    /** DECIMAL; the value's scale may be smaller than the column's. */
    void setDecimal(int row, BigDecimal value);

    /** DECIMAL of at most 18 digits, times ten to the power of the column's scale. */
    void setUnscaled(int row, long unscaled);

    /** VARCHAR as UTF-8, BLOB as is. The bytes are copied before the call returns. */
    void setBytes(int row, byte[] bytes, int offset, int length);

    void setString(int row, String value);
}
