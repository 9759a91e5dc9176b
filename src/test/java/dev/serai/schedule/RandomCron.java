package dev.serai.schedule;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Crontab expressions by chance, likely to fire within days. */
final class RandomCron {
    private static final int[][] LIMITS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};
    private static final List<String> MONTHS =
            List.of("Jan", "FEB", "mar", "Apr", "may", "JUN", "jul", "aug", "SEP", "oct", "Nov", "dec");
    private static final List<String> DAYS = List.of("sun", "Mon", "TUE", "wed", "Thu", "fri", "SAT");

    private RandomCron() {}

    static String text(Random random) {
        return IntStream.range(0, 5)
                .mapToObj(field -> list(random, field))
                .collect(Collectors.joining(random.nextInt(10) == 0 ? " \t" : " "));
    }

    /** Without what readers of crontabs differ in: days of both kinds at once, stars with steps or company, Sunday as 7. */
    static String plain(Random random) {
        boolean byWeekday = random.nextBoolean();
        return IntStream.range(0, 5)
                .mapToObj(field -> field == (byWeekday ? 2 : 4) ? "*" : plainField(random, field))
                .collect(Collectors.joining(" "));
    }

    private static String plainField(Random random, int field) {
        int low = LIMITS[field][0];
        int high = field == 4 ? 6 : LIMITS[field][1];
        int first = low + random.nextInt(high - low + 1);
        int last = first + random.nextInt(high - first + 1);
        return switch (random.nextInt(4)) {
            case 0 -> "*";
            case 1 -> first + "-" + last;
            case 2 -> first + "-" + last + "/" + (1 + random.nextInt(Math.max(1, last - first)));
            default -> first == last ? "" + first : first + "," + last;
        };
    }

    private static String list(Random random, int field) {
        int terms = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
        return Stream.generate(() -> term(random, field)).limit(terms).collect(Collectors.joining(","));
    }

    private static String term(Random random, int field) {
        int low = LIMITS[field][0];
        int high = LIMITS[field][1];
        int first = low + random.nextInt(high - low + 1);
        int last = first + random.nextInt(high - first + 1);
        int step = 1 + random.nextInt(high + 2);
        return switch (random.nextInt(7)) {
            case 0, 1, 2 -> "*";
            case 3 -> "*/" + step;
            case 4 -> number(random, field, first) + "-" + number(random, field, last) + "/" + step;
            case 5 -> number(random, field, first) + "-" + number(random, field, last);
            default -> number(random, field, first);
        };
    }

    private static String number(Random random, int field, int value) {
        if (random.nextBoolean() || field < 3) {
            return (random.nextInt(5) == 0 ? "0" : "") + value;
        }
        return field == 3 ? MONTHS.get(value - 1) : value == 7 ? "7" : DAYS.get(value);
    }
}
