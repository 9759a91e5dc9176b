package dev.serai.rows;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Reads decimals that come as text, such as {@code -12.50}. Up to 18 digits no object is made. */
final class DecimalText {
    private DecimalText() {}

    static void write(Column column, byte[] text, ColumnWriter out, int row) {
        LogicalType type = column.type();
        if (type.precision() > LogicalType.MAX_UNSCALED_DIGITS || text.length > LogicalType.MAX_UNSCALED_DIGITS + 2) {
            out.setDecimal(row, BadValue.fit(column, decimal(column, text)));
            return;
        }
        boolean negative = text.length > 0 && text[0] == '-';
        long value = 0;
        int significant = 0;
        int decimals = -1;
        for (int i = negative ? 1 : 0; i < text.length; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                significant += value != 0 ? 1 : 0;
                decimals += decimals < 0 ? 0 : 1;
            } else if (text[i] == '.' && decimals < 0) {
                decimals = 0;
            } else {
                throw BadValue.in(column, null);
            }
        }
        if (Math.max(decimals, 0) != type.scale() || significant > type.precision()) {
            out.setDecimal(row, BadValue.fit(column, decimal(column, text)));
        } else {
            out.setUnscaled(row, negative ? -value : value);
        }
    }

    private static BigDecimal decimal(Column column, byte[] text) {
        try {
            return new BigDecimal(new String(text, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            throw BadValue.in(column, e);
        }
    }
}
