package dev.serai.connector.document;

import java.util.Date;
import java.util.List;
import java.util.Map;

import org.bson.BsonDbPointer;
import org.bson.BsonRegularExpression;
import org.bson.BsonTimestamp;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;
import org.bson.types.Symbol;

/** What kind of column could hold a value of a document? */
enum ValueKind {
    BOOLEAN,
    WHOLE,
    /** One that a double would round. */
    LARGE_WHOLE,
    REAL,
    DECIMAL,
    TIME,
    BYTES,
    TEXT,
    ID,
    /** Text of a form that only its own kind has: documents, arrays, UUIDs, times beyond the years 1 to 9999. */
    OTHER;

    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final long FIRST_TIME = -62_135_596_800_000L;
    private static final long LAST_TIME = 253_402_300_799_999L;
    private static final byte UUID = 4;

    static ValueKind of(Object value) {
        if (value instanceof String) {
            return TEXT;
        } else if (value instanceof Integer) {
            return WHOLE;
        } else if (value instanceof Long number) {
            return Math.abs(number) > EXACT_IN_DOUBLE || number == Long.MIN_VALUE ? LARGE_WHOLE : WHOLE;
        } else if (value instanceof Double) {
            return REAL;
        } else if (value instanceof Boolean) {
            return BOOLEAN;
        } else if (value instanceof Date date) {
            return date.getTime() >= FIRST_TIME && date.getTime() <= LAST_TIME ? TIME : OTHER;
        } else if (value instanceof ObjectId) {
            return ID;
        } else if (value instanceof Decimal128) {
            return DECIMAL;
        } else if (value instanceof Binary binary) {
            return JsonValue.isUuid(binary) ? OTHER : BYTES;
        }
        return OTHER;
    }

    /** As MongoDB's {@code $type} names it; of bytes with their subtype, which the column does not keep. */
    static String nativeName(Object value) {
        return switch (of(value)) {
            case BOOLEAN -> "bool";
            case WHOLE, LARGE_WHOLE -> value instanceof Integer ? "int" : "long";
            case REAL -> "double";
            case DECIMAL -> "decimal";
            case TIME -> "date";
            case TEXT -> "string";
            case ID -> "objectId";
            case BYTES -> {
                byte subtype = ((Binary) value).getType();
                yield subtype == 0 ? "binData" : "binData(" + Byte.toUnsignedInt(subtype) + ")";
            }
            case OTHER -> otherName(value);
        };
    }

    private static String otherName(Object value) {
        if (value instanceof List) {
            return "array";
        } else if (value instanceof Map) {
            return "object";
        } else if (value instanceof Date) {
            return "date";
        } else if (value instanceof Binary) {
            return "binData(" + UUID + ")";
        } else if (value instanceof BsonRegularExpression) {
            return "regex";
        } else if (value instanceof BsonTimestamp) {
            return "timestamp";
        } else if (value instanceof Code) {
            return "javascript";
        } else if (value instanceof Symbol) {
            return "symbol";
        } else if (value instanceof MinKey) {
            return "minKey";
        } else if (value instanceof MaxKey) {
            return "maxKey";
        }
        return value instanceof BsonDbPointer ? "dbPointer" : "other";
    }
}
