package dev.serai.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CronTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // either day is enough where both are given
                "0 0 13 * 5     | UTC | 2026-11-01T00:00Z | 2026-11-06T00:00Z 2026-11-13T00:00Z 2026-11-20T00:00Z",
                "0 0 */10 * 1   | UTC | 2026-11-01T00:00Z | 2026-11-02T00:00Z 2026-11-09T00:00Z 2026-11-11T00:00Z",
                "0 9 1-2 * MON  | UTC | 2026-11-01T00:00Z | 2026-11-01T09:00Z 2026-11-02T09:00Z 2026-11-09T09:00Z",
                "0 0 13 * *     | UTC | 2026-11-01T00:00Z | 2026-11-13T00:00Z 2026-12-13T00:00Z 2027-01-13T00:00Z",
                "0 0 * * 5      | UTC | 2026-11-01T00:00Z | 2026-11-06T00:00Z 2026-11-13T00:00Z 2026-11-20T00:00Z",
                // Sunday twice, names, lists, ranges, steps
                "0 0 * * 7      | UTC | 2026-11-01T00:00Z | 2026-11-08T00:00Z 2026-11-15T00:00Z 2026-11-22T00:00Z",
                "0 0 * * 0      | UTC | 2026-11-01T00:00Z | 2026-11-08T00:00Z 2026-11-15T00:00Z 2026-11-22T00:00Z",
                "0 0 * * fri-7  | UTC | 2026-11-01T00:00Z | 2026-11-06T00:00Z 2026-11-07T00:00Z 2026-11-08T00:00Z",
                "0 0 1 JAN-mar,12 * | UTC | 2026-11-01T00:00Z | 2026-12-01T00:00Z 2027-01-01T00:00Z 2027-02-01T00:00Z",
                "0-59/25,7 3 * * *  | UTC | 2026-11-01T00:00Z | 2026-11-01T03:00Z 2026-11-01T03:07Z 2026-11-01T03:25Z",
                "  5   4\t* *  * | UTC | 2026-11-01T00:00Z | 2026-11-01T04:05Z 2026-11-02T04:05Z 2026-11-03T04:05Z",
                "0 0 29 2 *     | UTC | 2026-11-01T00:00Z | 2028-02-29T00:00Z 2032-02-29T00:00Z 2036-02-29T00:00Z",
                // nicknames
                "@hourly        | UTC | 2026-11-01T00:00Z | 2026-11-01T01:00Z 2026-11-01T02:00Z 2026-11-01T03:00Z",
                "@daily         | Asia/Kolkata | 2026-11-01T00:00Z | 2026-11-01T18:30Z 2026-11-02T18:30Z 2026-11-03T18:30Z",
                "@Weekly        | UTC | 2026-11-01T00:00Z | 2026-11-08T00:00Z 2026-11-15T00:00Z 2026-11-22T00:00Z",
                "@monthly       | UTC | 2026-11-01T00:00Z | 2026-12-01T00:00Z 2027-01-01T00:00Z 2027-02-01T00:00Z",
                "@yearly        | UTC | 2026-11-01T00:00Z | 2027-01-01T00:00Z 2028-01-01T00:00Z 2029-01-01T00:00Z",
                // clocks go forward: 02:00 to 03:00 is left out on 29 March, the change is at 01:00Z
                "30 2 * * *     | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:30Z 2026-03-31T00:30Z",
                "*/20 2 * * *   | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:00Z 2026-03-30T00:20Z",
                "0 2,3 * * *    | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:00Z 2026-03-30T01:00Z",
                "30 2 29 3 *    | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2027-03-29T00:30Z 2028-03-29T00:30Z",
                "30 * * * *     | Europe/Berlin | 2026-03-29T00:00Z | 2026-03-29T00:30Z 2026-03-29T01:30Z 2026-03-29T02:30Z",
                "0 */2 * * *    | Europe/Berlin | 2026-03-28T23:30Z | 2026-03-29T02:00Z 2026-03-29T04:00Z 2026-03-29T06:00Z",
                // clocks go back: 02:00 to 03:00 comes twice on 25 October, first from 00:00Z, again from 01:00Z
                "30 2 * * *     | Europe/Berlin | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-26T01:30Z 2026-10-27T01:30Z",
                "30 2 * * *     | Europe/Berlin | 2026-10-25T01:10Z | 2026-10-26T01:30Z 2026-10-27T01:30Z 2026-10-28T01:30Z",
                "0 1-3 * * *    | Europe/Berlin | 2026-10-24T22:30Z | 2026-10-24T23:00Z 2026-10-25T00:00Z 2026-10-25T02:00Z",
                "0 3 * * *      | Europe/Berlin | 2026-10-25T01:59Z | 2026-10-25T02:00Z 2026-10-26T02:00Z 2026-10-27T02:00Z",
                "30 * * * *     | Europe/Berlin | 2026-10-25T00:00Z | 2026-10-25T00:30Z 2026-10-25T01:30Z 2026-10-25T02:30Z",
                "*/30 * * * *   | Europe/Berlin | 2026-10-25T00:30Z | 2026-10-25T01:00Z 2026-10-25T01:30Z 2026-10-25T02:00Z",
                // midnight itself is left out in Beirut; half an hour in Lord Howe
                "0 0 * * *      | Asia/Beirut | 2026-03-28T12:00Z | 2026-03-28T22:00Z 2026-03-29T21:00Z 2026-03-30T21:00Z",
                "15 2 * * *     | Australia/Lord_Howe | 2026-10-03T00:00Z | 2026-10-03T15:30Z 2026-10-04T15:15Z 2026-10-05T15:15Z",
                "45 1 * * *     | Australia/Lord_Howe | 2026-04-04T00:00Z | 2026-04-04T14:45Z 2026-04-05T15:15Z 2026-04-06T15:15Z",
            })
    void firesWhenUnixCronDoes(String expression, String zone, String after, String expected) {
        List<Instant> times = List.of(expected.strip().split(" ")).stream()
                .map(text -> java.time.OffsetDateTime.parse(text).toInstant())
                .toList();
        assertThat(Cron.of(expression)
                        .next(
                                ZoneId.of(zone),
                                java.time.OffsetDateTime.parse(after).toInstant(),
                                times.size()))
                .isEqualTo(times);
    }

    @Test
    void agreesWithALookAtEveryMinute() {
        Random random = new Random(20261123);
        for (int round = 0; round < 150; round++) {
            Fields fields = Fields.random(random);
            ZoneId zone = ZoneId.of(random.nextBoolean() ? "Europe/Berlin" : "America/New_York");
            Instant around = zone.getRules()
                    .nextTransition(
                            Instant.parse(random.nextBoolean() ? "2026-01-01T00:00:00Z" : "2026-07-01T00:00:00Z"))
                    .getInstant();
            Instant start = around.minus(Duration.ofMinutes(random.nextInt(8_000) - 100));
            Instant end = start.plus(Duration.ofDays(8));
            List<Instant> expected = fields.firings(zone, start, end);
            List<Instant> found = Cron.of(fields.text()).next(zone, start, expected.size() + 1);
            found.removeIf(time -> !time.isBefore(end));
            assertThat(found.equals(expected))
                    .as(
                            "%s in %s from %s: %s… instead of %s…",
                            fields.text(),
                            zone,
                            start,
                            found.stream().limit(5).toList(),
                            expected.stream().limit(5).toList())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 0 * * *    | has 6 fields",
                "0 0 * *        | has 4 fields",
                "''             | has 0 fields",
                "hello          | has 1 field;",
                "60 * * * *     | Value 60 not in range",
                "* 24 * * *     | Value 24",
                "* * 0 * *      | Value 0",
                "* * * 13 *     | 13",
                "* * * * 8      | 8",
                "*/0 * * * *    | 0",
                "50-10 * * * *  | range",
                "-1 * * * *     | not a Unix cron",
                "1,,2 * * * *   | not a Unix cron",
                "0 0 L * *      | not a Unix cron",
                "0 0 1W * *     | not a Unix cron",
                "0 0 ? * 1      | not a Unix cron",
                "0 0 * * 1#2    | not a Unix cron",
                "0 0 * * mun    | not a Unix cron",
                "99999999999 * * * * | not a Unix cron",
                "0 0 31 2 *     | never fires",
                "0 0 30 feb *   | never fires",
                "0 0 31 4,6 *   | never fires",
                "@reboot        | is none of",
                "@dayly         | is none of",
            })
    void saysWhatIsWrong(String expression, String words) {
        assertThat(Cron.fault(expression)).get().asString().contains(words);
    }

    @Test
    void refusesVeryLongExpressions() {
        assertThat(Cron.fault("1,".repeat(5_000) + "1 * * * *"))
                .get()
                .asString()
                .contains("longer than 200");
    }

    @Test
    void firesOnADayThatExistsInSomeYearsOnly() {
        assertThat(Cron.fault("0 0 31 2 1")).isEmpty();
        assertThat(Cron.fault("0 0 29 2 *")).isEmpty();
        assertThat(Cron.fault("0 0 31 * *")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "+02:00"})
    void knowsZones(String zone) {
        assertThat(Cron.zoneFault(zone)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Base", "europe/berlin", "Europe/Berlin ", "\u0000", "+99:00"})
    void refusesOtherZones(String zone) {
        assertThat(Cron.zoneFault(zone)).isPresent();
    }

    /** crontab(5) read literally, slowly: the judge of the library and of our walk. */
    private record Fields(
            String text, List<List<Integer>> allowed, boolean anyDay, boolean anyWeekday, boolean anyHour) {
        private static final int[][] LIMITS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};

        static Fields random(Random random) {
            List<String> texts = new ArrayList<>();
            List<List<Integer>> allowed = new ArrayList<>();
            for (int[] limit : LIMITS) {
                List<Integer> values = new ArrayList<>();
                texts.add(field(random, limit[0], limit[1], values));
                allowed.add(values);
            }
            return new Fields(
                    String.join(" ", texts),
                    allowed,
                    texts.get(2).matches("\\*(/1)?"),
                    texts.get(4).matches("\\*(/1)?"),
                    texts.get(1).startsWith("*"));
        }

        private static String field(Random random, int low, int high, List<Integer> values) {
            int kind = random.nextInt(5);
            int first = low + random.nextInt(high - low + 1);
            int last = first + random.nextInt(high - first + 1);
            // The library takes a step of 7 in the last field for one of 0, Sunday's other number.
            int step = 1 + random.nextInt(high - low - 1);
            return switch (kind) {
                case 0, 1 -> add(values, low, high, 1, "*");
                case 2 -> add(values, low, high, step, "*/" + step);
                case 3 -> add(values, first, last, step, first + "-" + last + "/" + step);
                default -> add(values, first, first, 1, "" + first) + "," + add(values, last, last, 1, "" + last);
            };
        }

        private static String add(List<Integer> values, int first, int last, int step, String text) {
            for (int value = first; value <= last; value += step) {
                values.add(value);
            }
            return text;
        }

        List<Instant> firings(ZoneId zone, Instant start, Instant end) {
            List<Instant> found = new ArrayList<>();
            for (Instant time = start.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
                    time.isBefore(end);
                    time = time.plusSeconds(60)) {
                LocalDateTime local = LocalDateTime.ofInstant(time, zone);
                ZoneOffset offset = zone.getRules().getOffset(time);
                boolean first = zone.getRules().getValidOffsets(local).get(0).equals(offset);
                var change = zone.getRules().previousTransition(time.plusNanos(1));
                boolean afterGap =
                        change != null && change.isGap() && change.getInstant().equals(time);
                if (matches(local) && (anyHour || first) || !anyHour && afterGap && matchesWithin(change)) {
                    found.add(time);
                }
            }
            return found;
        }

        private boolean matchesWithin(java.time.zone.ZoneOffsetTransition gap) {
            for (LocalDateTime time = gap.getDateTimeBefore();
                    time.isBefore(gap.getDateTimeAfter());
                    time = time.plusMinutes(1)) {
                if (matches(time)) {
                    return true;
                }
            }
            return false;
        }

        private boolean matches(LocalDateTime time) {
            int weekday = time.getDayOfWeek().getValue() % 7;
            boolean day = allowed.get(2).contains(time.getDayOfMonth());
            boolean ofWeek = allowed.get(4).contains(weekday)
                    || weekday == 0 && allowed.get(4).contains(7);
            boolean days = anyDay || anyWeekday ? day && ofWeek : day || ofWeek;
            return allowed.get(0).contains(time.getMinute())
                    && allowed.get(1).contains(time.getHour())
                    && allowed.get(3).contains(time.getMonthValue())
                    && days;
        }
    }
}
