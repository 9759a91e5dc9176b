package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.serai.failure.Failure;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

class RetriesTest {
    private static final Failure AWAY =
            new Failure.Source(Failure.Layer.CONNECT, "connection_refused", "Nobody there.", true);

    private static Retries.Attempts attempts(String retry) {
        return new Retries(Settings.of(Map.of("serai.sync.retry", retry))).none();
    }

    private static List<Retries.Retry> all(Retries.Attempts attempts, Failure failure) {
        List<Retries.Retry> all = new ArrayList<>();
        for (Optional<Retries.Retry> next = attempts.next(failure); next.isPresent(); next = attempts.next(failure)) {
            all.add(next.get());
        }
        return all;
    }

    private static Duration sum(List<Retries.Retry> retries) {
        return retries.stream().map(Retries.Retry::after).reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void waitsDoubleUpToHalfAMinuteAndAMinutesOutageIsWaitedFor() {
        for (int i = 0; i < 100; i++) {
            List<Retries.Retry> retries = all(new Retries(Settings.of(Map.of())).none(), AWAY);

            assertThat(retries).extracting(Retries.Retry::attempt).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
            for (int n = 0; n < retries.size(); n++) {
                double middle = Math.min(30, Math.pow(2, n));
                assertThat(retries.get(n).after().toMillis()).isBetween((long) (750 * middle), (long) (1250 * middle));
            }
            assertThat(sum(retries)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(152));
        }
    }

    @Test
    void whatFailedTogetherIsNotTriedAgainTogether() {
        assertThat(List.of(attempts("2m"), attempts("2m"), attempts("2m"), attempts("2m")))
                .extracting(one -> sum(all(one, AWAY)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aShorterSettingShortensTheWaits() {
        assertThat(sum(all(attempts("2s"), AWAY))).isLessThan(Duration.ofMillis(3200));
        assertThat(all(attempts("0s"), AWAY)).isEmpty();
    }

    @Test
    void waitsAsLongAsTheOtherSideAsksFor() {
        Failure busy = new Failure.Busy("rate_limit", "Too many requests.", Duration.ofSeconds(20));

        assertThat(attempts("2m").next(busy).orElseThrow().after()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whatTryingAgainDoesNotHelpIsNotTriedAgain() {
        assertThat(List.of(
                        new Failure.Source(Failure.Layer.AUTHENTICATE, "unauthorized", "Wrong password.", false),
                        new Failure.Conflict("schema_not_offered", "Not offered."),
                        new Failure.Internal("Our own fault."),
                        new Failure.Cancelled("Stopped."),
                        new Failure.DiskFull("No room.")))
                .allSatisfy(failure -> assertThat(all(attempts("2m"), failure)).isEmpty());
    }
}
