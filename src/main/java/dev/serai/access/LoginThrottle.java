package dev.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * How long somebody who keeps failing to log in has to wait: after five failures in a row one second, then twice as long
 * each time, up to a quarter of an hour. It counts by user and address, so nobody can lock somebody else out.
 */
@Component
class LoginThrottle {
    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    private record Failures(int count, Instant until) {}

    /** One try; it counts as failed until it is told otherwise, so that many at the same time gain nothing. */
    final class Attempt {
        private final String key;

        private Attempt(String key) {
            this.key = key;
        }

        /** The pause begins now: checking a password takes a while itself. */
        void failed() {
            synchronized (failures) {
                Failures mine = failures.get(key);
                if (mine != null) {
                    failures.put(key, new Failures(mine.count(), clock.instant().plus(pause(mine.count()))));
                }
            }
        }

        void succeeded() {
            synchronized (failures) {
                failures.remove(key);
            }
        }
    }

    /** @throws FailureException {@link Failure.Busy} while it is too early */
    Attempt admit(String username, String address) {
        String key = username.toLowerCase(Locale.ROOT) + "\n" + address;
        Instant now = clock.instant();
        synchronized (failures) {
            Failures before = failures.getOrDefault(key, new Failures(0, now));
            if (now.isBefore(before.until())) {
                throw new FailureException(new Failure.Busy(
                        "too_many_logins",
                        "Logging in failed too often. Wait before the next try.",
                        Duration.between(now, before.until())));
            }
            int count = before.count() + 1;
            failures.put(key, new Failures(count, now.plus(pause(count))));
            return new Attempt(key);
        }
    }

    private static Duration pause(int count) {
        if (count < FREE) {
            return Duration.ZERO;
        }
        Duration pause = Duration.ofSeconds(1L << Math.min(count - FREE, 20));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
