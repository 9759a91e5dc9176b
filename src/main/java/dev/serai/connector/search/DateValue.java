package dev.serai.connector.search;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which instant does a date in a document mean, where its field has the format that fields have unless told otherwise? */
final class DateValue {
    /** {@code strict_date_optional_time}, down to the microseconds that a column holds; without a zone it is UTC. */
    private static final Pattern ISO = Pattern.compile("(\\d{4})(?:-(\\d{2})(?:-(\\d{2}))?)?"
            + "(?:T(\\d{2})(?::(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,6})0*)?)?)?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?");

    private static final Pattern MILLIS = Pattern.compile("-?\\d{5,15}");
    private static final long FIRST = -62_135_596_800_000L;
    private static final long LAST = 253_402_300_799_999L;

    private DateValue() {}

    /** As ISO 8601 in UTC; empty for what is no such date, or one that a column cannot hold. */
    static Optional<String> of(String text) {
        if (MILLIS.matcher(text).matches()) {
            return millis(Long.parseLong(text));
        }
        Matcher iso = ISO.matcher(text);
        if (!iso.matches() || text.startsWith("0000")) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDate.of(part(iso, 1, 1), part(iso, 2, 1), part(iso, 3, 1))
                    .atTime(part(iso, 4, 0), part(iso, 5, 0), part(iso, 6, 0), nanos(iso.group(7)));
            ZoneOffset zone = iso.group(8) == null ? ZoneOffset.UTC : ZoneOffset.of(iso.group(8));
            Instant instant = OffsetDateTime.of(local, zone).toInstant();
            return within(instant.toEpochMilli()) ? Optional.of(instant.toString()) : Optional.empty();
        } catch (DateTimeException e) {
            // No day of the calendar.
            return Optional.empty();
        }
    }

    static Optional<String> millis(long millis) {
        return within(millis) ? Optional.of(Instant.ofEpochMilli(millis).toString()) : Optional.empty();
    }

    private static boolean within(long millis) {
        return millis >= FIRST && millis <= LAST;
    }

    private static int part(Matcher iso, int group, int usual) {
        return iso.group(group) == null ? usual : Integer.parseInt(iso.group(group));
    }

    private static int nanos(@org.jspecify.annotations.Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }
}
