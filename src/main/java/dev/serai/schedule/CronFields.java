package dev.serai.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.serai.schedule.CronField.Unit;

/**
 * Which wall clock times do the five fields of a crontab allow?
 *
 * <p>The days follow cron as Vixie wrote it and Linux has it (cronie, {@code find_jobs}): a date must be allowed by both
 * day fields where one of them begins with {@code *}, even if a step follows; otherwise by either.
 */
record CronFields(CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays) {
    /** After this many years the calendar repeats, weekdays too: what has not come by then never will. */
    private static final int CYCLE = 400;

    /** @throws IllegalArgumentException that says everything that is wrong with them */
    static CronFields of(List<String> texts) {
        List<CronField> fields = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Unit unit : Unit.values()) {
            try {
                fields.add(unit.field(texts.get(unit.ordinal())));
            } catch (IllegalArgumentException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return new CronFields(fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4));
    }

    /** The first allowed time after one; empty where there is none at all. */
    Optional<LocalDateTime> after(LocalDateTime time) {
        LocalDateTime from = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDate today = from.toLocalDate();
        return (allows(today) ? from(from.toLocalTime()) : Optional.<LocalTime>empty())
                .map(today::atTime)
                .or(() -> day(today.plusDays(1))
                        .flatMap(day -> from(LocalTime.MIDNIGHT).map(day::atTime)));
    }

    private Optional<LocalDate> day(LocalDate first) {
        LocalDate end = first.plusYears(CYCLE);
        LocalDate day = first;
        while (day.isBefore(end)) {
            if (!months.allows(day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
            } else if (allows(day)) {
                return Optional.of(day);
            } else {
                day = day.plusDays(1);
            }
        }
        return Optional.empty();
    }

    private boolean allows(LocalDate day) {
        boolean ofMonth = days.allows(day.getDayOfMonth());
        boolean ofWeek = weekdays.allows(day.getDayOfWeek().getValue() % 7);
        boolean both = days.star() || weekdays.star();
        return months.allows(day.getMonthValue()) && (both ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private Optional<LocalTime> from(LocalTime earliest) {
        if (hours.allows(earliest.getHour())) {
            OptionalInt minute = minutes.from(earliest.getMinute());
            if (minute.isPresent()) {
                return Optional.of(LocalTime.of(earliest.getHour(), minute.getAsInt()));
            }
        }
        OptionalInt hour = hours.from(earliest.getHour() + 1);
        return hour.isEmpty()
                ? Optional.empty()
                : Optional.of(LocalTime.of(hour.getAsInt(), minutes.from(0).orElseThrow()));
    }
}
