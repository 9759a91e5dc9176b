package dev.serai.sync;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.schedule.Cron;

import static org.assertj.core.api.Assertions.assertThat;

class FiresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // cron | first not dealt with | now | live | missed | last missed | next
                "0 * * * *   | 10:00 | 10:00:00 | 10:00             | 0   | -     | 11:00",
                "0 * * * *   | 10:00 | 10:00:59 | 10:00             | 0   | -     | 11:00",
                "* * * * *   | 10:00 | 10:00:30 | 10:00             | 0   | -     | 10:01",
                "* * * * *   | 10:00 | 10:02:00 | 10:00 10:01 10:02 | 0   | -     | 10:03",
                "* * * * *   | 10:00 | 10:02:01 | 10:01 10:02       | 1   | 10:00 | 10:03",
                "* * * * *   | 10:00 | 12:00:00 | 11:58 11:59 12:00 | 118 | 11:57 | 12:01",
                "0 * * * *   | 10:00 | 12:30:00 | -                 | 3   | 12:00 | 13:00",
                "0 * * * *   | 10:00 | 12:01:59 | 12:00             | 2   | 11:00 | 13:00",
                "30 10 * * * | 10:30 | 23:59:59 | -                 | 1   | 10:30 | next day",
            })
    void partsThoseThatSomebodyWasThereForFromTheMissed(
            String cron, String first, String now, String live, int missed, String lastMissed, String next) {
        Fires fires = Fires.until(time(now), time(first + ":00"), Cron.of(cron), ZoneOffset.UTC);
        assertThat(fires.live().stream().map(FiresTest::text))
                .containsExactly(live == null ? new String[0] : live.split(" ", -1));
        assertThat(fires.missed()).isEqualTo(missed);
        assertThat(fires.lastMissed()).isEqualTo(lastMissed == null ? null : time(lastMissed + ":00"));
        assertThat(fires.next())
                .isEqualTo(next.equals("next day") ? Instant.parse("2026-11-24T10:30:00Z") : time(next + ":00"));
    }

    /** Ticks come when they come; over weeks, each fire is dealt with once, as live or as missed. */
    @Test
    void losesAndDoublesNoFireHoweverTicksCome() {
        long seed = Long.getLong("serai.cron.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> crons = List.of("* * * * *", "*/7 * * * *", "30 2 * * *", "0 0 */2 * 1-5", "15 1-3 * * *");
        for (int round = 0; round < 40; round++) {
            Cron cron = Cron.of(crons.get(round % crons.size()));
            ZoneId zone = ZoneId.of(random.nextBoolean() ? "Europe/Berlin" : "Australia/Lord_Howe");
            Instant start = Instant.parse("2026-03-27T00:00:00Z").plusSeconds(random.nextInt(20_000_000));
            Instant now = start;
            Instant first = cron.next(zone, start).orElseThrow();
            Instant next = first;
            List<Instant> live = new ArrayList<>();
            int missed = 0;
            for (int tick = 0; tick < 200; tick++) {
                now = now.plusMillis(random.nextInt(20) == 0 ? random.nextInt(200_000_000) : random.nextInt(120_000));
                if (!next.isAfter(now)) {
                    Fires fires = Fires.until(now, next, cron, zone);
                    live.addAll(fires.live());
                    missed += fires.missed();
                    next = fires.next();
                }
            }
            List<Instant> all = cron.next(zone, start, live.size() + missed + 1);
            assertThat(all.get(all.size() - 1))
                    .as("seed %s", seed)
                    .isEqualTo(next)
                    .isAfter(now);
            assertThat(all).as("seed %s", seed).containsAll(live);
            assertThat(live).as("seed %s", seed).doesNotHaveDuplicates();
        }
    }

    private static Instant time(String clock) {
        return Instant.parse("2026-11-23T" + clock + "Z");
    }

    private static String text(Instant time) {
        return time.toString().substring(11, 16);
    }
}
