package dev.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * How long somebody who keeps failing to log in has to wait: after five failures in a row one second, then twice as long
 * each time, up to a quarter of an hour. It counts by user and address, so nobody can lock out somebody elsewhere. An
 * address has a hundred failures under any names before it waits, a minute at most, since many people may share it; an
 * hour without a failure forgets them.
 */
@Component
class LoginThrottle {
    private static final Rule OF_USER = new Rule(5, Duration.ofMinutes(15));
    private static final Rule OF_ADDRESS = new Rule(100, Duration.ofMinutes(1));
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<Key, Failures> failures = new HashMap<>();

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /** @param free how many failures before the first pause, and that one */
    private record Rule(int free, Duration longest) {
        Duration pause(int count) {
            if (count < free) {
                return Duration.ZERO;
            }
            Duration pause = Duration.ofSeconds(1L << Math.min(count - free, 20));
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    /** @param who an address, or a user's name and an address */
    private record Key(Rule rule, List<String> who) {}

    private record Failures(int count, Instant until) {}

    /** One try; it counts as failed until it is told otherwise, so that many at the same time gain nothing. */
    final class Attempt {
        private final Key user;
        private final Key address;

        private Attempt(Key user, Key address) {
            this.user = user;
            this.address = address;
        }

        /** The pause begins now: checking a password takes a while itself. */
        void failed() {
            synchronized (failures) {
                count(user, 0);
                count(address, 0);
            }
        }

        /** The address keeps its other failures: who has one account may be guessing at others. */
        void succeeded() {
            synchronized (failures) {
                failures.remove(user);
                count(address, -1);
            }
        }
    }

    /** @throws FailureException {@link Failure.Busy} while it is too early */
    Attempt admit(String username, String address) {
        Key user = new Key(OF_USER, List.of(username.toLowerCase(Locale.ROOT), address));
        Key all = new Key(OF_ADDRESS, List.of(address));
        synchronized (failures) {
            check(user);
            check(all);
            count(user, 1);
            count(all, 1);
            return new Attempt(user, all);
        }
    }

    private void check(Key key) {
        Instant now = clock.instant();
        Failures before = failures.get(key);
        if (before != null && now.isBefore(before.until())) {
            throw new FailureException(new Failure.Busy(
                    "too_many_logins",
                    "Logging in failed too often. Wait before the next try.",
                    Duration.between(now, before.until())));
        }
    }

    private void count(Key key, int more) {
        Instant now = clock.instant();
        Failures before = failures.get(key);
        if (before == null && failures.size() >= REMEMBERED) {
            forgetOne();
        }
        int known = before == null || before.until().plus(FORGOTTEN).isBefore(now) ? 0 : before.count();
        int count = Math.max(0, known + more);
        failures.put(
                key, new Failures(count, more < 0 ? now : now.plus(key.rule().pause(count))));
    }

    /** Whose pause ended first, so that no flood of names ends one that goes on. */
    private void forgetOne() {
        failures.entrySet().stream()
                .min(Comparator.comparing(entry -> entry.getValue().until()))
                .map(Map.Entry::getKey)
                .ifPresent(failures::remove);
    }
}
