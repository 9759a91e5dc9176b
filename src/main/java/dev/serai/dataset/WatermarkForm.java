package dev.serai.dataset;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/**
 * How is a position in a column written, and where does a window begin that looks back from it? Positions are text as
 * DuckDB prints values of the column's type; nothing is rounded on the way.
 */
public final class WatermarkForm {
    /** Not a column: the transaction that wrote a row of PostgreSQL, as 64 bits. */
    public static final String XMIN = "xmin";

    private static final Pattern EXACT_NUMBER = Pattern.compile("(?:numeric|decimal)\\b.*");
    private static final Pattern ORDINAL = Pattern.compile("\\d{1,20}");

    private final String column;
    private final String type;
    private final Order order;
    private final LogicalType logical;

    private enum Order {
        TIME,
        NUMBER,
        TEXT,
        TRANSACTION
    }

    private WatermarkForm(String column, String type, Order order, LogicalType logical) {
        this.column = column;
        this.type = type;
        this.order = order;
        this.logical = logical;
    }

    /** Of {@link #XMIN}. */
    public static WatermarkForm ofTransactions() {
        return new WatermarkForm(XMIN, "a transaction's number", Order.TRANSACTION, LogicalType.of(Kind.VARCHAR));
    }

    /** @throws FailureException {@code bad_watermark} where the column's values have no order to go by */
    public static WatermarkForm of(Column column) {
        Order order =
                switch (column.type().kind()) {
                    case DATE, TIMESTAMP, TIMESTAMPTZ -> Order.TIME;
                    case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, FLOAT, DOUBLE -> Order.NUMBER;
                    case VARCHAR -> isNumberAsText(column) ? Order.NUMBER : Order.TEXT;
                    case BOOLEAN, BLOB, STRUCT, LIST ->
                        throw new FailureException(new Failure.Conflict(
                                "bad_watermark",
                                "The column " + column.name() + " is "
                                        + column.type().duckdb()
                                        + ", which no sync can go by. Name another watermark_column."));
                };
        return new WatermarkForm(column.name(), column.type().duckdb(), order, column.type());
    }

    /** Whether the values are numbers that no number type of ours holds; as texts they have another order. */
    public static boolean isNumberAsText(Column column) {
        return column.type().kind() == Kind.VARCHAR
                && EXACT_NUMBER
                        .matcher(column.nativeType().toLowerCase(Locale.ROOT))
                        .matches();
    }

    /**
     * The position as DuckDB prints it.
     *
     * @throws FailureException {@code bad_watermark} where it is none of the column's type
     */
    public String read(String position) {
        return switch (order) {
            case TIME ->
                WatermarkTime.read(position, logical.kind())
                        .map(WatermarkTime::text)
                        .orElseThrow(this::bad);
            case NUMBER -> held(number(position)).toPlainString();
            case TEXT -> position;
            case TRANSACTION -> {
                if (!ORDINAL.matcher(position).matches()) {
                    throw bad();
                }
                yield new BigInteger(position).toString();
            }
        };
    }

    /**
     * The window's lower bound, inclusive.
     *
     * @param lookback a number or an ISO 8601 duration, or null for none
     * @return empty where it lies before all that the type can hold
     * @throws FailureException {@code bad_watermark}, or {@code bad_lookback} where that does not fit the column's type
     */
    public Optional<String> from(String position, @Nullable String lookback) {
        if (lookback == null || isNothing(lookback)) {
            return Optional.of(read(position));
        }
        return switch (order) {
            case TIME ->
                WatermarkTime.read(position, logical.kind())
                        .orElseThrow(this::bad)
                        .less(duration(lookback))
                        .map(WatermarkTime::text);
            case NUMBER -> less(number(position), amount(lookback));
            case TEXT, TRANSACTION ->
                throw badLookback("must be 0 or absent, for one cannot count back from " + type + ".");
        };
    }

    private static boolean isNothing(String lookback) {
        try {
            return Character.isDigit(lookback.charAt(0))
                    ? new BigDecimal(lookback).signum() == 0
                    : Duration.parse(lookback).isZero();
        } catch (NumberFormatException | DateTimeParseException e) {
            return false;
        }
    }

    private Duration duration(String lookback) {
        try {
            return Duration.parse(lookback);
        } catch (DateTimeParseException e) {
            throw badLookback(
                    "must be an ISO 8601 duration such as PT1H, the column " + column + " being " + type + ".");
        }
    }

    private BigDecimal amount(String lookback) {
        try {
            return new BigDecimal(lookback);
        } catch (NumberFormatException e) {
            throw badLookback("must be a number, the column " + column + " being " + type + ".");
        }
    }

    private BigDecimal number(String position) {
        try {
            BigDecimal number = position.length() > 1000 ? null : new BigDecimal(position.strip());
            // A text of few characters may stand for a number of very many.
            if (number == null || Math.abs((long) number.scale()) > 20_000 || !fits(number)) {
                throw bad();
            }
            return number;
        } catch (NumberFormatException e) {
            throw bad();
        }
    }

    private boolean fits(BigDecimal number) {
        return switch (logical.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT ->
                isWhole(number) && number.toBigInteger().bitLength() < bits();
            case DECIMAL ->
                number.stripTrailingZeros().scale() <= logical.scale()
                        && number.abs().compareTo(BigDecimal.TEN.pow(logical.precision() - logical.scale())) < 0;
            default -> true;
        };
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    private int bits() {
        return switch (logical.kind()) {
            case TINYINT -> Byte.SIZE;
            case SMALLINT -> Short.SIZE;
            case INTEGER -> Integer.SIZE;
            default -> Long.SIZE;
        };
    }

    /** Rounded down to what the type holds, so that the window is never smaller than asked for. */
    private Optional<String> less(BigDecimal position, BigDecimal amount) {
        BigDecimal from = held(position.subtract(amount));
        return fits(from) ? Optional.of(from.toPlainString()) : Optional.empty();
    }

    private BigDecimal held(BigDecimal number) {
        return switch (logical.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> number.setScale(0, RoundingMode.FLOOR);
            case DECIMAL -> number.setScale(logical.scale(), RoundingMode.FLOOR);
            default -> number;
        };
    }

    private FailureException bad() {
        return new FailureException(new Failure.Conflict(
                "bad_watermark",
                "The position is none of the watermark column " + column + ", which is " + type
                        + "; one is written like "
                        + example()
                        + ". Set another with PUT /api/datasets/{id}/watermark, or null to load everything again."));
    }

    private FailureException badLookback(String how) {
        return new FailureException(new Failure.Conflict("bad_lookback", "The dataset's lookback " + how));
    }

    /** A position such as may be set by hand. */
    public String example() {
        return switch (order) {
            case TIME -> WatermarkTime.example(logical.kind());
            case NUMBER ->
                logical.kind() == Kind.DECIMAL && logical.scale() > 0
                        ? BigDecimal.valueOf(15, 1)
                                .setScale(Math.max(logical.scale(), 1))
                                .toPlainString()
                        : "15";
            case TEXT -> "any text";
            case TRANSACTION -> "15";
        };
    }
}
