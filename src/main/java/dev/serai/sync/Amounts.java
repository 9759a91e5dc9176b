package dev.serai.sync;

import java.time.Duration;
import java.util.Locale;

/** How amounts are told to people, in the log. */
final class Amounts {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Amounts() {}

    static String of(Progress progress) {
        StringBuilder text = new StringBuilder(progress.phase() + ", " + rows(progress.rows()));
        if (progress.bytes() != null) {
            text.append(", ").append(bytes(progress.bytes()));
        }
        if (progress.phase().equals(Progress.READING)) {
            text.append(", ").append(rows(progress.rowsPerSecond())).append("/s");
        }
        if (progress.secondsLeft() != null) {
            text.append(", about ")
                    .append(duration(Duration.ofSeconds(progress.secondsLeft())))
                    .append(" left");
        }
        return text.toString();
    }

    static String rows(long rows) {
        return String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
    }

    /** In powers of ten. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double amount = bytes;
        int unit = -1;
        while (amount >= 999.95 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }

    static String duration(Duration time) {
        if (time.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return time.toHours() == 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    /** How many a second; that of no time at all is the number itself. */
    static long rate(long rows, Duration took) {
        return Math.round(rows * 1000.0 / Math.max(1, took.toMillis()));
    }
}
