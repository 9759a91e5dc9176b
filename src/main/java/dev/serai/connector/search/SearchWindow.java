package dev.serai.connector.search;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which documents are in a window that a field bounds? Those not below it, and those whose value the server has not indexed:
 * no document may be lost for a malformed one.
 */
final class SearchWindow {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,38}(\\.[0-9]{1,34})?");
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral("+00")
            .toFormatter(Locale.ROOT);

    private SearchWindow() {}

    /** What the server is to leave out; empty where that cannot be said, and whoever asked leaves it out. */
    static Optional<ObjectNode> condition(JsonNode window, SearchMapping mapping) {
        String column = window.path("column").asText("");
        if (!window.hasNonNull("from")) {
            return Optional.empty();
        }
        return mapping.field(column)
                .filter(SearchField::bounded)
                .flatMap(field -> bound(field, window.path("from").asText()))
                .map(range -> withOthers(column, range, window.path("nulls").asBoolean(false)));
    }

    private static ObjectNode withOthers(String column, ObjectNode range, boolean nulls) {
        ObjectNode condition = JsonNodeFactory.instance.objectNode();
        ArrayNode any = condition.putObject("bool").putArray("should");
        any.addObject().putObject("range").set(column, range);
        any.addObject().putObject("term").put("_ignored", column);
        if (nulls) {
            any.addObject()
                    .putObject("bool")
                    .putObject("must_not")
                    .putObject("exists")
                    .put("field", column);
        }
        return condition;
    }

    private static Optional<ObjectNode> bound(SearchField field, String from) {
        ObjectNode range = JsonNodeFactory.instance.objectNode();
        return switch (field.kind()) {
            case TIME ->
                time(from).map(time -> range.put("gte", time.toString()).put("format", "strict_date_optional_time"));
            case TEXT -> Optional.of(range.put("gte", from));
            default -> NUMBER.matcher(from).matches() ? Optional.of(range.put("gte", from)) : Optional.empty();
        };
    }

    /** In the server's milliseconds; down, so that nothing is missed. */
    private static Optional<Instant> time(String from) {
        try {
            return Optional.of(
                    LocalDateTime.parse(from, TIME).toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
