package dev.serai.rows;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Says that a source sent a value its own column type has no room for; without the value, which may be private. */
final class BadValue {
    private BadValue() {}

    static FailureException in(Column column, @Nullable Throwable cause) {
        return new FailureException(
                new Failure.Source(
                        Failure.Layer.READ,
                        "bad_value",
                        "Column \"" + column.name() + "\" has a value that does not fit its type "
                                + column.type().duckdb() + ".",
                        false),
                cause);
    }

    /** For a source that checks no encoding, such as a PostgreSQL database in SQL_ASCII. */
    static FailureException notUtf8(Column column, Throwable cause) {
        return new FailureException(
                new Failure.Source(
                        Failure.Layer.READ,
                        "bad_value",
                        "Column \"" + column.name() + "\" has a text that is not in UTF-8.",
                        false),
                cause);
    }

    /** The value at the column's scale, provided that changes nothing and its precision suffices. */
    static BigDecimal fit(Column column, BigDecimal value) {
        BigDecimal fitted;
        try {
            fitted = value.setScale(column.type().scale(), RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw in(column, e);
        }
        if (fitted.precision() > column.type().precision()) {
            throw in(column, null);
        }
        return fitted;
    }
}
