package dev.serai.query;

import java.time.LocalDate;

import org.apache.arrow.vector.PeriodDuration;

/** Dates and times in ISO 8601, fractions in groups of three digits, the infinite ones by name. */
final class IsoTime {
    private static final long DAY = 86_400;
    private static final long NANOS = 1_000_000_000;

    private IsoTime() {}

    /** @param days since 1970-01-01 */
    static void date(int days, Utf8Buffer out) {
        if (days == Integer.MAX_VALUE || days == -Integer.MAX_VALUE) {
            out.text(days > 0 ? "infinity" : "-infinity");
        } else {
            day(days, out);
        }
    }

    /** @param nanos since midnight, up to and with 24:00 */
    static void time(long nanos, Utf8Buffer out) {
        clock(nanos / NANOS, nanos % NANOS, out);
    }

    /**
     * A point in time.
     *
     * @param perSecond how many units make a second
     * @param zone what follows the time
     */
    static void timestamp(long units, long perSecond, String zone, Utf8Buffer out) {
        if (units == Long.MAX_VALUE || units == -Long.MAX_VALUE) {
            out.text(units > 0 ? "infinity" : "-infinity");
            return;
        }
        long seconds = Math.floorDiv(units, perSecond);
        day(Math.floorDiv(seconds, DAY), out);
        out.write('T');
        clock(Math.floorMod(seconds, DAY), Math.floorMod(units, perSecond) * (NANOS / perSecond), out);
        out.text(zone);
    }

    /** Such as {@code P1M2DT3H}. */
    static void interval(PeriodDuration value, Utf8Buffer out) {
        String period = value.getPeriod().toString();
        String duration = value.getDuration().toString();
        if (value.getDuration().isZero()) {
            out.text(period);
        } else {
            out.text(value.getPeriod().isZero() ? duration : period + duration.substring(1));
        }
    }

    private static void day(long days, Utf8Buffer out) {
        LocalDate date = LocalDate.ofEpochDay(days);
        if (date.getYear() < 0 || date.getYear() > 9999) {
            out.text(date.toString());
            return;
        }
        out.padded(date.getYear(), 4);
        out.write('-');
        out.padded(date.getMonthValue(), 2);
        out.write('-');
        out.padded(date.getDayOfMonth(), 2);
    }

    private static void clock(long seconds, long nanos, Utf8Buffer out) {
        out.padded(seconds / 3600, 2);
        out.write(':');
        out.padded(seconds / 60 % 60, 2);
        out.write(':');
        out.padded(seconds % 60, 2);
        if (nanos != 0) {
            out.write('.');
            if (nanos % 1_000_000 == 0) {
                out.padded(nanos / 1_000_000, 3);
            } else if (nanos % 1_000 == 0) {
                out.padded(nanos / 1_000, 6);
            } else {
                out.padded(nanos, 9);
            }
        }
    }
}
