package dev.serai.connector.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Which documents are in a window that a field bounds? Those not below it, and all whose value is of a type that is not
 * compared with it: MongoDB compares only values of one type, and no document may be lost for having another.
 */
final class MongoWindow {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,38}(\\.[0-9]{1,34})?");
    private static final Pattern PLAIN = Pattern.compile("[^$.\\x00][^.\\x00]*");
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral("+00")
            .toFormatter(java.util.Locale.ROOT);

    private MongoWindow() {}

    /** Whether a query can name the field; else it means one inside another. */
    static boolean isPlain(String field) {
        return PLAIN.matcher(field).matches();
    }

    /** What the source is to leave out; empty where that cannot be said, and whoever asked leaves it out. */
    static Optional<Document> condition(JsonNode window) {
        String field = window.path("column").asText("");
        if (!window.hasNonNull("from") || !isPlain(field)) {
            return Optional.empty();
        }
        String from = window.path("from").asText();
        Set<String> others = new LinkedHashSet<>(List.of(
                "double",
                "string",
                "object",
                "array",
                "binData",
                "objectId",
                "bool",
                "date",
                "regex",
                "int",
                "timestamp",
                "long",
                "decimal"));
        List<Document> any = new ArrayList<>();
        time(from).ifPresent(time -> {
            others.remove("date");
            any.add(bound(field, time));
        });
        if (NUMBER.matcher(from).matches()) {
            others.removeAll(List.of("int", "long", "double", "decimal"));
            any.add(bound(field, number(from)));
        }
        if (ObjectId.isValid(from)) {
            others.remove("objectId");
            any.add(bound(field, new ObjectId(from)));
        }
        if (any.isEmpty()) {
            others.remove("string");
            any.add(bound(field, from));
        }
        any.add(new Document(field, new Document("$type", new ArrayList<>(others))));
        if (window.path("nulls").asBoolean(false)) {
            any.add(new Document(field, null));
        }
        return Optional.of(new Document("$or", any));
    }

    private static Document bound(String field, Object from) {
        return new Document(field, new Document("$gte", from));
    }

    private static Object number(String from) {
        BigDecimal number = new BigDecimal(from);
        return number.scale() <= 0 && number.precision() <= 18 ? (Object) number.longValueExact() : decimal(number);
    }

    /** Rounded down where it has more digits than MongoDB keeps, so that nothing is missed. */
    private static Decimal128 decimal(BigDecimal number) {
        return new Decimal128(number.round(new java.math.MathContext(34, java.math.RoundingMode.FLOOR)));
    }

    private static Optional<Date> time(String from) {
        try {
            Instant time = LocalDateTime.parse(from, TIME).toInstant(ZoneOffset.UTC);
            return Optional.of(new Date(time.toEpochMilli()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
