package dev.serai.access;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.SettableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoginThrottleTest {
    private final SettableClock watch = new SettableClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final LoginThrottle throttle = new LoginThrottle(watch);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            throttle.admit("admin", "10.0.0.1");
        }
    }

    private Duration pause() {
        try {
            throttle.admit("ADMIN", "10.0.0.1");
            return Duration.ZERO;
        } catch (FailureException e) {
            return ((Failure.Busy) e.failure()).retryAfter();
        }
    }

    @Test
    void theFirstFiveTriesAreFree() {
        fail(5);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void eachFurtherFailureDoublesThePauseUpToAQuarterOfAnHour() {
        fail(5);
        for (int seconds = 1; seconds < 600; seconds *= 2) {
            assertThat(pause()).isEqualTo(Duration.ofSeconds(seconds));
            watch.pass(Duration.ofSeconds(seconds));
            fail(1);
        }
        watch.pass(Duration.ofMinutes(20));
        fail(1);
        assertThat(pause()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aSuccessForgetsTheFailures() {
        fail(4);
        throttle.admit("admin", "10.0.0.1").succeeded();
        fail(5);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void manyNamesFromOneAddressAreSlowedDownAndThoseElsewhereAreNot() {
        for (int i = 0; i < 100; i++) {
            throttle.admit("user" + i, "10.0.0.1").failed();
        }
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
        throttle.admit("admin", "10.0.0.2").succeeded();
        for (int i = 0; i < 10; i++) {
            watch.pass(Duration.ofMinutes(1));
            throttle.admit("more" + i, "10.0.0.1").failed();
        }
        assertThat(pause()).isEqualTo(Duration.ofMinutes(1));
        watch.pass(Duration.ofMinutes(62));
        assertThat(pause()).isEqualTo(Duration.ZERO);
        assertThat(pause()).isEqualTo(Duration.ZERO);
    }

    @Test
    void anOwnAccountDoesNotClearTheAddress() {
        for (int i = 0; i < 100; i++) {
            throttle.admit("mine", "10.0.0.1").succeeded();
            throttle.admit("user" + i, "10.0.0.1").failed();
        }
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aFloodOfNamesEndsNobodysPause() {
        fail(5);
        for (int i = 0; i < 12_000; i++) {
            throttle.admit("user" + i, "10.1." + i / 50 + ".1");
        }
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anotherAddressIsNotKeptOut() {
        fail(5);
        throttle.admit("admin", "10.0.0.2").succeeded();
        assertThatThrownBy(() -> throttle.admit("admin", "10.0.0.1")).isInstanceOf(FailureException.class);
    }
}
