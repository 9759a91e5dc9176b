package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Calendar;
import java.util.EnumSet;

import org.mariadb.jdbc.client.ColumnDecoder;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.DataType;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.MutableInt;
import org.mariadb.jdbc.plugin.Codec;

/**
 * Gives dates and times as the text that the server itself writes, also such as no calendar has. The driver's own ways
 * move them to Java's time zone, give up on {@code 2024-00-10}, or write {@code .001} as {@code .1000}. The driver finds
 * this as a service; it is asked for by the type {@link StringBuilder}, which nothing else gives.
 */
public final class MariaTimes implements Codec<StringBuilder> {
    private static final EnumSet<DataType> TYPES =
            EnumSet.of(DataType.DATE, DataType.DATETIME, DataType.TIMESTAMP, DataType.TIME);

    private static final int MICROS_DIGITS = 6;
    private static final int DATE_BYTES = 4;
    private static final int SECONDS_BYTES = 7;
    private static final int TIME_BYTES = 8;

    /** For the driver. */
    public MariaTimes() {}

    @Override
    public String className() {
        return StringBuilder.class.getName();
    }

    @Override
    public boolean canDecode(ColumnDecoder column, Class<?> type) {
        return type == StringBuilder.class && TYPES.contains(column.getType());
    }

    @Override
    public StringBuilder decodeBinary(
            ReadableByteBuf buffer, MutableInt length, ColumnDecoder column, Calendar calendar, Context context) {
        return column.getType() == DataType.TIME
                ? timeOfDay(buffer, length.get(), column.getDecimals())
                : moment(buffer, length.get(), column);
    }

    /** Parts that are all zero at the end are left out. */
    private static StringBuilder moment(ReadableByteBuf buffer, int length, ColumnDecoder column) {
        StringBuilder text = new StringBuilder(26);
        number(text, length < DATE_BYTES ? 0 : buffer.readUnsignedShort(), 4).append('-');
        number(text, length < DATE_BYTES ? 0 : buffer.readByte(), 2).append('-');
        number(text, length < DATE_BYTES ? 0 : buffer.readByte(), 2);
        if (column.getType() == DataType.DATE) {
            return text;
        }
        number(text.append(' '), length < SECONDS_BYTES ? 0 : buffer.readByte(), 2);
        number(text.append(':'), length < SECONDS_BYTES ? 0 : buffer.readByte(), 2);
        number(text.append(':'), length < SECONDS_BYTES ? 0 : buffer.readByte(), 2);
        return fraction(text, length > SECONDS_BYTES ? buffer.readUnsignedInt() : 0, column.getDecimals());
    }

    private static StringBuilder timeOfDay(ReadableByteBuf buffer, int length, int decimals) {
        StringBuilder text = new StringBuilder(17);
        boolean there = length >= TIME_BYTES;
        if (there && buffer.readByte() != 0) {
            text.append('-');
        }
        long days = there ? buffer.readUnsignedInt() : 0;
        number(text, days * 24 + (there ? buffer.readByte() : 0), 2);
        number(text.append(':'), there ? buffer.readByte() : 0, 2);
        number(text.append(':'), there ? buffer.readByte() : 0, 2);
        return fraction(text, length > TIME_BYTES ? buffer.readUnsignedInt() : 0, decimals);
    }

    private static StringBuilder fraction(StringBuilder text, long micros, int decimals) {
        // More than six say that the server does not know how many it will be.
        int digits = decimals > MICROS_DIGITS ? (micros == 0 ? 0 : MICROS_DIGITS) : decimals;
        if (digits > 0) {
            number(text.append('.'), micros, MICROS_DIGITS).setLength(text.length() - MICROS_DIGITS + digits);
        }
        return text;
    }

    private static StringBuilder number(StringBuilder text, long value, int digits) {
        String number = Long.toString(value);
        return text.append("0".repeat(Math.max(0, digits - number.length()))).append(number);
    }

    @Override
    public StringBuilder decodeText(
            ReadableByteBuf buffer, MutableInt length, ColumnDecoder column, Calendar calendar, Context context) {
        return new StringBuilder(buffer.readAscii(length.get()));
    }

    @Override
    public boolean canEncode(Object value) {
        return false;
    }

    @Override
    public void encodeText(Writer encoder, Context context, Object value, Calendar calendar, Long length)
            throws IOException, SQLException {
        throw new SQLException("Only decodes");
    }

    @Override
    public int getApproximateTextProtocolLength(Object value, Long length) {
        return 0;
    }

    @Override
    public void encodeBinary(Writer encoder, Context context, Object value, Calendar calendar, Long length)
            throws IOException, SQLException {
        throw new SQLException("Only decodes");
    }

    @Override
    public int getBinaryEncodeType() {
        return DataType.VARSTRING.get();
    }
}
