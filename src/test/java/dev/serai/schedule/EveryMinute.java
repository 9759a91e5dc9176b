package dev.serai.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which minutes does cron act on? Looks at each as the daemon does: it keeps the latest wall clock it has seen, does what
 * lies between that and now, and ignores minutes that come again; hours of {@code *} just follow the clock. Shares nothing
 * with what it judges and is slow.
 */
final class EveryMinute {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    private static final String NAMES = "jan feb mar apr may jun jul aug sep oct nov dec";
    private static final String DAYS = "sun mon tue wed thu fri sat";
    private static final int[][] LIMITS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};

    private final List<Set<Integer>> allowed = new ArrayList<>();
    private final String[] texts;

    private EveryMinute(String expression) {
        String bare = expression.strip().toLowerCase(Locale.ROOT);
        texts = NICKNAMES.getOrDefault(bare, bare).split("\\s+");
        for (int field = 0; field < 5; field++) {
            Set<Integer> values = new TreeSet<>();
            for (String term : texts[field].split(",")) {
                add(values, field, term);
            }
            allowed.add(values);
        }
    }

    static EveryMinute of(String expression) {
        return new EveryMinute(expression);
    }

    private static void add(Set<Integer> values, int field, String term) {
        String[] stepped = term.split("/");
        String[] ends = stepped[0].equals("*")
                ? new String[] {"" + LIMITS[field][0], "" + LIMITS[field][1]}
                : stepped[0].split("-");
        int first = number(field, ends[0]);
        int last = number(field, ends[ends.length - 1]);
        if (ends.length == 1 && stepped.length == 2) {
            last = LIMITS[field][1];
        }
        if (field == 4 && last == 0 && first > 0) {
            last = 7;
        }
        for (int value = first; value <= last; value += stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1) {
            values.add(field == 4 ? value % 7 : value);
        }
    }

    private static int number(int field, String text) {
        if (Character.isDigit(text.charAt(0))) {
            return Integer.parseInt(text);
        }
        return field == 3 ? NAMES.indexOf(text) / 4 + 1 : DAYS.indexOf(text) / 4;
    }

    /** Both ends not included. */
    List<Instant> between(ZoneId zone, Instant start, Instant end) {
        List<Instant> found = new ArrayList<>();
        long minute = 60;
        long first = Math.floorDiv(start.getEpochSecond(), minute) + 1;
        LocalDateTime latest = LocalDateTime.MIN;
        // Two days before the start tell which wall clocks have been.
        for (long at = first - 2 * 24 * 60; at * minute < end.getEpochSecond(); at++) {
            Instant time = Instant.ofEpochSecond(at * minute);
            LocalDateTime now = LocalDateTime.ofInstant(time, zone);
            boolean acts;
            if (texts[1].startsWith("*")) {
                acts = matches(now);
            } else {
                acts = false;
                LocalDateTime missed = latest.equals(LocalDateTime.MIN) ? now : latest.plusMinutes(1);
                for (; !missed.isAfter(now); missed = missed.plusMinutes(1)) {
                    acts |= matches(missed);
                }
            }
            latest = now.isAfter(latest) ? now : latest;
            if (acts && at >= first) {
                found.add(time);
            }
        }
        return found;
    }

    private boolean matches(LocalDateTime time) {
        if (!allowed.get(0).contains(time.getMinute())
                || !allowed.get(1).contains(time.getHour())
                || !allowed.get(3).contains(time.getMonthValue())) {
            return false;
        }
        boolean ofMonth = allowed.get(2).contains(time.getDayOfMonth());
        boolean ofWeek = allowed.get(4).contains(time.getDayOfWeek().getValue() % 7);
        boolean starred = texts[2].startsWith("*") || texts[4].startsWith("*");
        return starred ? ofMonth && ofWeek : ofMonth || ofWeek;
    }
}
