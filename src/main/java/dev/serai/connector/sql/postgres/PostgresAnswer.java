package dev.serai.connector.sql.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.postgres.PostgresCatalog.Field;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RecordSource;
import dev.serai.rows.RowSource;

/** Which rows did a question bring? They are few, and held, since camel-jdbc's end with the exchange. */
final class PostgresAnswer {
    static final long MOST_BYTES = 64L << 20;

    /** What a value takes in memory besides its text: the object and the reference to it. */
    private static final int CELL = 24;

    private static final int MICROS = 1_000_000;

    private final PostgresQuestion question;
    private long bytes;

    private PostgresAnswer(PostgresQuestion question) {
        this.question = question;
    }

    /** @param rows values in the order of the question's columns */
    static RowSource of(PostgresQuestion question, Iterator<? extends Map<String, ?>> rows) {
        List<@Nullable Object[]> held = new PostgresAnswer(question).hold(rows);
        return new RecordSource(question.columns(), held.iterator(), () -> {});
    }

    private List<@Nullable Object[]> hold(Iterator<? extends Map<String, ?>> rows) {
        List<@Nullable Object[]> held = new ArrayList<>();
        while (held.size() < question.limit() && rows.hasNext()) {
            held.add(values(rows.next()));
            if (bytes > MOST_BYTES) {
                throw new FailureException(tooLarge());
            }
        }
        return held;
    }

    static Failure tooLarge() {
        return new Failure.Invalid(
                "answer_too_large",
                "The answer is larger than 64 MB. Ask for fewer rows or columns, or make it a dataset.",
                List.of());
    }

    private @Nullable Object[] values(Map<String, ?> row) {
        @Nullable Object[] values = new Object[question.fields().size()];
        int i = 0;
        for (Object value : row.values()) {
            values[i] = value(question.fields().get(i), value);
            i++;
        }
        return values;
    }

    private @Nullable Object value(Field field, @Nullable Object value) {
        bytes += CELL + (value instanceof String text ? text.length() : value instanceof byte[] blob ? blob.length : 0);
        if (value == null) {
            return null;
        }
        return switch (field.form().wire()) {
            case DATE -> LocalDate.ofEpochDay(((Number) value).longValue());
            case TIMESTAMP -> dateTime(((Number) value).longValue());
            case TIMESTAMPTZ -> instant(((Number) value).longValue());
            // The driver's form of NaN, which DECIMAL cannot hold.
            case NUMERIC -> value instanceof Double ? null : value;
            default -> value;
        };
    }

    private static LocalDateTime dateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000, ZoneOffset.UTC);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000L);
    }
}
