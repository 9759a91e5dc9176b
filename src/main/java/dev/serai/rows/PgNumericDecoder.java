package dev.serai.rows;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Decodes a numeric: a count of base-10000 digits, the power of the first, a sign, a display scale, the digits. Up to 18
 * digits no object is made.
 */
final class PgNumericDecoder implements PgDecoder {
    private static final int HEADER = 8;
    private static final int BASE = 10_000;
    /** Of 38 digits on either side of the point, in groups of four. */
    private static final int MOST_GROUPS = 10;

    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int INFINITE = 0xD000;
    private static final int MINUS_INFINITE = 0xF000;
    private static final long[] TEN_TO = new long[19];

    static {
        TEN_TO[0] = 1;
        for (int i = 1; i < TEN_TO.length; i++) {
            TEN_TO[i] = TEN_TO[i - 1] * 10;
        }
    }

    private final Column column;
    private final int precision;
    private final int scale;
    private final WarningCounter warnings;

    PgNumericDecoder(Column column, WarningCounter warnings) {
        this.column = column;
        this.precision = column.type().precision();
        this.scale = column.type().scale();
        this.warnings = warnings;
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ColumnWriter out, int row) {
        int digits = PgDecoders.int2(bytes, offset);
        int weight = PgDecoders.int2(bytes, offset + 2);
        int sign = PgDecoders.int2(bytes, offset + 4) & 0xFFFF;
        if (digits < 0 || length != HEADER + 2 * digits) {
            throw BadValue.in(column, null);
        }
        if (sign == NAN || sign == INFINITE || sign == MINUS_INFINITE) {
            warnings.add(column.name(), sign == NAN ? "nan_to_null" : "infinite_to_null");
            out.setNull(row);
        } else if (sign != 0 && sign != NEGATIVE) {
            throw BadValue.in(column, null);
        } else if (precision <= LogicalType.MAX_UNSCALED_DIGITS) {
            long unscaled = unscaled(bytes, offset + HEADER, digits, weight);
            out.setUnscaled(row, sign == NEGATIVE ? -unscaled : unscaled);
        } else {
            BigDecimal value = decimal(bytes, offset + HEADER, digits, weight);
            out.setDecimal(row, sign == NEGATIVE ? value.negate() : value);
        }
    }

    private long unscaled(byte[] bytes, int offset, int digits, int weight) {
        if (digits == 0) {
            return 0;
        }
        // Zero digits at both ends are left out, so the last digit says how many decimals there are.
        int exponent = 4 * (weight - digits + 1) + scale;
        if (4 * (weight + 1) + scale > LogicalType.MAX_UNSCALED_DIGITS + 3 || exponent < -3) {
            return slow(bytes, offset, digits, weight);
        }
        long value = 0;
        for (int i = 0; i < digits - 1; i++) {
            value = value * BASE + group(bytes, offset, i);
        }
        long last = group(bytes, offset, digits - 1);
        if (exponent < 0) {
            if (last % TEN_TO[-exponent] != 0) {
                return slow(bytes, offset, digits, weight);
            }
            value = value * TEN_TO[4 + exponent] + last / TEN_TO[-exponent];
        } else {
            value = (value * BASE + last) * TEN_TO[exponent];
        }
        if (value < 0 || value >= TEN_TO[precision]) {
            return slow(bytes, offset, digits, weight);
        }
        return value;
    }

    private long slow(byte[] bytes, int offset, int digits, int weight) {
        return decimal(bytes, offset, digits, weight).unscaledValue().longValueExact();
    }

    private BigDecimal decimal(byte[] bytes, int offset, int digits, int weight) {
        if (digits > 0 && (weight >= MOST_GROUPS || weight - digits + 1 < -MOST_GROUPS)) {
            throw BadValue.in(column, null);
        }
        BigInteger value = BigInteger.ZERO;
        BigInteger base = BigInteger.valueOf(BASE);
        for (int i = 0; i < digits; i++) {
            value = value.multiply(base).add(BigInteger.valueOf(group(bytes, offset, i)));
        }
        return BadValue.fit(column, new BigDecimal(value, 4 * (digits - 1 - weight)));
    }

    private int group(byte[] bytes, int offset, int index) {
        int group = PgDecoders.int2(bytes, offset + 2 * index);
        if (group < 0 || group >= BASE) {
            throw BadValue.in(column, null);
        }
        return group;
    }
}
