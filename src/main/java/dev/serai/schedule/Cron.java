package dev.serai.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * When does a five-field Unix cron expression fire? Fields are minute, hour, day of month, month, day of week; where both
 * days are given and neither begins with a star, either is enough. {@code @daily} and its kin stand for what crontab(5)
 * says.
 */
public final class Cron {
    private static final int MAX_LENGTH = 200;
    private static final String FIVE =
            "a Unix cron expression has five: minute, hour, day of month, month, day of week";
    private static final Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final CronFields fields;

    private Cron(CronFields fields) {
        this.fields = fields;
    }

    /** @throws IllegalArgumentException with {@link #fault} as message */
    public static Cron of(String expression) {
        String text = String.join(" ", expression.strip().split("[ \\t]+", -1));
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("is longer than " + MAX_LENGTH + " characters");
        }
        if (text.startsWith("@")) {
            String named = NAMED.get(text.toLowerCase(Locale.ROOT));
            if (named == null) {
                throw new IllegalArgumentException("is none of @yearly, @monthly, @weekly, @daily, @hourly");
            }
            text = named;
        }
        List<String> parts = text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
        if (parts.size() != 5) {
            throw new IllegalArgumentException(
                    "has " + parts.size() + (parts.size() == 1 ? " field; " : " fields; ") + FIVE);
        }
        CronFields fields;
        try {
            fields = CronFields.of(parts);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a Unix cron expression: " + e.getMessage(), e);
        }
        if (fields.after(ANY_TIME).isEmpty()) {
            throw new IllegalArgumentException("never fires");
        }
        return new Cron(fields);
    }

    /** What is wrong with an expression, to be read after its field's name; empty where it is right. */
    public static Optional<String> fault(String expression) {
        try {
            of(expression);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /** What is wrong with a time zone's name; empty where it is right. */
    public static Optional<String> zoneFault(String zone) {
        try {
            ZoneId.of(zone);
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of("is not a known time zone, such as Europe/Berlin or UTC");
        }
    }

    /** The next firings after an instant, earliest first. */
    public List<Instant> next(ZoneId zone, Instant after, int count) {
        List<Instant> found = new ArrayList<>();
        Optional<Instant> next = next(zone, after);
        while (next.isPresent() && found.size() < count) {
            found.add(next.get());
            next = next(zone, next.get());
        }
        return found;
    }

    /**
     * The first firing after an instant.
     *
     * <p>When clocks go forward, fixed hours that are left out fire once, right after; when they go back, fixed hours that
     * come twice fire at the first. Wildcard hours fire at every matching minute that passes.
     */
    public Optional<Instant> next(ZoneId zone, Instant after) {
        return new Walk(zone, fields.hours().star(), fields::after).after(after);
    }
}
