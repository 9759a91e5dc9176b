package dev.serai.connector.document;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonGenerator;
import org.bson.BsonRegularExpression;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.CodeWithScope;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * How is a value of a document written as JSON, so that nothing of it is lost? Numbers that JSON has as numbers, documents
 * and arrays as such, all else as text.
 */
final class JsonValue {
    /** Of the same length in the years 0000 to 9999, so that its order is that of time. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0*)?(E.*)?");
    private static final int UUID_BYTES = 16;
    private static final byte UUID_SUBTYPE = 4;

    private JsonValue() {}

    static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null || value instanceof BsonUndefined) {
            json.writeNull();
        } else if (value instanceof String || value instanceof Symbol) {
            json.writeString(value.toString());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeString(number.toString());
            }
        } else if (value instanceof Map<?, ?> document) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : document.entrySet()) {
                json.writeFieldName(String.valueOf(field.getKey()));
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof BsonTimestamp time) {
            json.writeStartObject();
            json.writeNumberField("t", Integer.toUnsignedLong(time.getTime()));
            json.writeNumberField("i", Integer.toUnsignedLong(time.getInc()));
            json.writeEndObject();
        } else if (value instanceof CodeWithScope code) {
            json.writeStartObject();
            json.writeStringField("code", code.getCode());
            json.writeFieldName("scope");
            write(code.getScope(), json);
            json.writeEndObject();
        } else {
            json.writeString(text(value));
        }
    }

    /** Of a value that is no document and no array. */
    private static String text(Object value) {
        if (value instanceof Date date) {
            return TIME.format(Instant.ofEpochMilli(date.getTime()));
        } else if (value instanceof Decimal128 decimal) {
            return decimal(decimal);
        } else if (value instanceof Binary binary) {
            return isUuid(binary)
                    ? uuid(binary.getData()).toString()
                    : Base64.getEncoder().encodeToString(binary.getData());
        } else if (value instanceof BsonRegularExpression pattern) {
            return "/" + pattern.getPattern() + "/" + pattern.getOptions();
        } else if (value instanceof Code code) {
            return code.getCode();
        } else if (value instanceof MinKey) {
            return "MinKey";
        } else if (value instanceof MaxKey) {
            return "MaxKey";
        }
        return value.toString();
    }

    /** One whose order of bytes is certain; that of the older subtype depends on who wrote it. */
    static boolean isUuid(Binary binary) {
        return binary.getType() == UUID_SUBTYPE && binary.length() == UUID_BYTES;
    }

    /** Whether it is one that Java's and DuckDB's decimals are, too: finite, and no negative zero. */
    static boolean isNumber(Decimal128 decimal) {
        return decimal.isFinite()
                && !(decimal.isNegative()
                        && NEGATIVE_ZERO.matcher(decimal.toString()).matches());
    }

    /** Plain digits while they are few; an exponent else, of which there may be 6,144. */
    private static String decimal(Decimal128 decimal) {
        if (!isNumber(decimal)) {
            return decimal.toString();
        }
        var exact = decimal.bigDecimalValue();
        return Math.abs(exact.scale()) > 40 ? decimal.toString() : exact.toPlainString();
    }

    private static UUID uuid(byte[] bytes) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
