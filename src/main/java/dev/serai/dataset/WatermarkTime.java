package dev.serai.dataset;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.LogicalType.Kind;

/**
 * A position in time, to the microsecond: {@code 2024-01-31}, {@code 2024-01-31 10:00:00.123456}, {@code 2024-01-31
 * 10:00:00+00}, {@code 0044-03-15 (BC)}. What a person writes may have a T, a Z and any offset, as ISO 8601 has.
 *
 * @param at of an instant the time in UTC
 */
record WatermarkTime(Kind kind, LocalDateTime at) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{4,6})-(\\d\\d)-(\\d\\d)( \\(BC\\))?"
            + "(?:[ T](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,6}))?)?(Z|[+-]\\d\\d(?::\\d\\d)?)?)?");

    /** Before this there is nothing in a source that a window could leave out. */
    private static final LocalDateTime BEGINNING = LocalDateTime.of(-4712, 1, 1, 0, 0);

    /** Empty where the text is none of the kind: an instant has an offset, all else has none. */
    static Optional<WatermarkTime> read(String text, Kind kind) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            return Optional.empty();
        }
        boolean hasTime = written.group(5) != null;
        String offset = written.group(9);
        boolean fits =
                switch (kind) {
                    case DATE -> !hasTime;
                    case TIMESTAMP -> offset == null;
                    case TIMESTAMPTZ -> offset != null;
                    default -> throw new IllegalArgumentException(kind + " is no time");
                };
        try {
            return fits ? Optional.of(new WatermarkTime(kind, at(written, offset))) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static LocalDateTime at(Matcher written, @Nullable String offset) {
        int year = Integer.parseInt(written.group(1));
        LocalDate date = LocalDate.of(
                written.group(4) == null ? year : 1 - year,
                Integer.parseInt(written.group(2)),
                Integer.parseInt(written.group(3)));
        LocalTime time = LocalTime.of(number(written.group(5)), number(written.group(6)), number(written.group(7)))
                .plusNanos(nanos(written.group(8)));
        LocalDateTime local = date.atTime(time);
        return offset == null ? local : local.minusSeconds(ZoneOffset.of(offset).getTotalSeconds());
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static long nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    }

    /** Empty before all time; a part of a day or a microsecond is counted as a whole one. */
    Optional<WatermarkTime> less(Duration duration) {
        try {
            LocalDateTime from = at.minus(duration).truncatedTo(ChronoUnit.MICROS);
            LocalDateTime held = kind == Kind.DATE ? from.truncatedTo(ChronoUnit.DAYS) : from;
            return held.isAfter(BEGINNING) ? Optional.of(new WatermarkTime(kind, held)) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** As DuckDB prints it. */
    String text() {
        int year = at.getYear();
        String date = String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s",
                year > 0 ? year : 1 - year,
                at.getMonthValue(),
                at.getDayOfMonth(),
                year > 0 ? "" : " (BC)");
        if (kind == Kind.DATE) {
            return date;
        }
        String micros = String.format(Locale.ROOT, "%06d", at.getNano() / 1000).replaceAll("0+$", "");
        return date
                + String.format(Locale.ROOT, " %02d:%02d:%02d", at.getHour(), at.getMinute(), at.getSecond())
                + (micros.isEmpty() ? "" : "." + micros)
                + (kind == Kind.TIMESTAMPTZ ? "+00" : "");
    }

    static String example(Kind kind) {
        return switch (kind) {
            case DATE -> "2024-01-31";
            case TIMESTAMP -> "2024-01-31 10:00:00.123456";
            default -> "2024-01-31 10:00:00.123456+00";
        };
    }
}
