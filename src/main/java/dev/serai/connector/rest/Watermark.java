package dev.serai.connector.rest;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * By which parameter is an API told from when on records are wanted, and how is that time written? Rounded down where the
 * form has less than the position, so that nothing is missed; what comes twice is merged.
 *
 * @param column the field that it bounds; null: whichever the dataset goes by
 * @param form {@code raw}, {@code iso8601}, {@code date}, {@code epoch_seconds}, {@code epoch_millis}, or a pattern of
 *     {@link DateTimeFormatter}
 */
record Watermark(String param, @Nullable String column, String form, boolean inBody) {
    private static final DateTimeFormatter SPACED = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalStart()
            .appendOffset("+HH:mm", "+00")
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    static @Nullable Watermark of(Fields fields) {
        String param = fields.optional("watermark_param");
        return param == null
                ? null
                : new Watermark(
                        param,
                        fields.optional("watermark_column"),
                        fields.text("watermark_format", "iso8601"),
                        fields.text("watermark_in", "query").equals("body"));
    }

    /** @param window {@code {column, from}} of the request; empty where all records are wanted */
    Optional<String> value(JsonNode window) {
        if (!window.hasNonNull("from")
                || (column != null && !column.equals(window.path("column").asText()))) {
            return Optional.empty();
        }
        String from = window.path("from").asText();
        return Optional.of(time(from)
                .filter(time -> !form.equals("raw"))
                .map(this::written)
                .orElse(from));
    }

    private String written(Instant time) {
        return switch (form) {
            case "iso8601" -> DateTimeFormatter.ISO_INSTANT.format(time);
            case "date" -> time.truncatedTo(ChronoUnit.DAYS).toString().substring(0, "2026-01-31".length());
            case "epoch_seconds" -> String.valueOf(time.getEpochSecond());
            case "epoch_millis" -> String.valueOf(time.toEpochMilli());
            default ->
                DateTimeFormatter.ofPattern(form, Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(time);
        };
    }

    /** As DuckDB prints a time, or as APIs write one; empty for anything else, such as a number. */
    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return spaced(text);
        }
    }

    private static Optional<Instant> spaced(String text) {
        try {
            String whole = text.length() == "2026-01-31".length() ? text + " 00:00:00" : text.replace('T', ' ');
            var parsed = SPACED.parseBest(whole, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof OffsetDateTime time
                            ? time.toInstant()
                            : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException with words for the user */
    static void check(String form) {
        if (!Map.of("raw", 1, "iso8601", 1, "date", 1, "epoch_seconds", 1, "epoch_millis", 1)
                .containsKey(form)) {
            try {
                if (new Watermark("", null, form, false).written(Instant.EPOCH).isEmpty()) {
                    throw new IllegalArgumentException("empty");
                }
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                throw new IllegalArgumentException(
                        "must be raw, iso8601, date, epoch_seconds, epoch_millis, or a pattern such as uuuu-MM-dd'T'HH:mm:ss",
                        e);
            }
        }
    }
}
