package dev.serai.sync;

import java.time.Instant;
import java.time.ZoneOffset;

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

    private static Instant time(String clock) {
        return Instant.parse("2026-11-23T" + clock + "Z");
    }

    private static String text(Instant time) {
        return time.toString().substring(11, 16);
    }
}
