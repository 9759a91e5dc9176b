package dev.serai.schedule;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which numbers does one field of a crontab allow?
 *
 * @param allowed a bit for each
 * @param star whether it begins with {@code *}, which is what crontab means by a field that is not restricted
 */
record CronField(long allowed, boolean star) {
    private static final Pattern TERM =
            Pattern.compile("(?:\\*|(?<first>[0-9A-Za-z]+)(?:-(?<last>[0-9A-Za-z]+))?)(?:/(?<step>[0-9]+))?");
    private static final int MOST_DIGITS = 9;

    enum Unit {
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY_OF_MONTH("day of month", 1, 31, List.of()),
        MONTH(
                "month",
                1,
                12,
                List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
        /** Sunday is both 0 and 7. */
        DAY_OF_WEEK("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

        private final String title;
        private final int low;
        private final int high;
        private final List<String> names;

        Unit(String title, int low, int high, List<String> names) {
            this.title = title;
            this.low = low;
            this.high = high;
            this.names = names;
        }

        /** @throws IllegalArgumentException that says what is wrong with it */
        CronField field(String text) {
            long allowed = 0;
            for (String term : text.split(",", -1)) {
                allowed |= term(term);
            }
            if (this == DAY_OF_WEEK && (allowed & 1L << 7) != 0) {
                allowed |= 1;
            }
            return new CronField(allowed, text.startsWith("*"));
        }

        private long term(String text) {
            Matcher term = TERM.matcher(text);
            if (!term.matches()) {
                throw new IllegalArgumentException("the " + title + " cannot be \"" + text + "\"");
            }
            int first = term.group("first") == null ? low : number(term.group("first"));
            int last;
            if (term.group("last") != null) {
                last = number(term.group("last"));
            } else {
                last = term.group("first") == null || term.group("step") != null ? high : first;
            }
            if (this == DAY_OF_WEEK && last == 0 && first > 0) {
                last = 7;
            }
            if (first > last) {
                throw new IllegalArgumentException("the " + title + "'s range " + text + " ends before it begins");
            }
            int step = term.group("step") == null ? 1 : bounded(term.group("step"));
            if (step == 0) {
                throw new IllegalArgumentException("the " + title + "'s step in " + text + " is 0");
            }
            long allowed = 0;
            for (int value = first; value <= last; value += step) {
                allowed |= 1L << value;
            }
            return allowed;
        }

        private int number(String text) {
            int named = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (named >= 0) {
                return named + (this == MONTH ? 1 : 0);
            }
            if (!text.chars().allMatch(Character::isDigit)) {
                throw new IllegalArgumentException("the " + title + " cannot be \"" + text + "\"");
            }
            int value = bounded(text);
            if (value < low || value > high) {
                throw new IllegalArgumentException(
                        "the " + title + " " + text + " is not between " + low + " and " + high);
            }
            return value;
        }

        private static int bounded(String digits) {
            String bare = digits.replaceFirst("^0+(?=.)", "");
            return bare.length() > MOST_DIGITS ? Integer.MAX_VALUE / 2 : Integer.parseInt(bare);
        }
    }

    boolean allows(int value) {
        return (allowed >>> value & 1) != 0;
    }

    /** The least one that is not below a value. */
    OptionalInt from(int value) {
        long rest = value > 63 ? 0 : allowed >>> value;
        return rest == 0 ? OptionalInt.empty() : OptionalInt.of(value + Long.numberOfTrailingZeros(rest));
    }
}
