package dev.serai.sync;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.stereotype.Component;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

import dev.serai.failure.Failure;
import dev.serai.settings.SeraiSettings;

/**
 * When is what failed tried again? After waits that double and are never quite the same, until they add up to the
 * setting; and only where trying again may help without anybody's doing.
 */
@Component
class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration inAll;

    Retries(SeraiSettings settings) {
        this.inAll = settings.sync().retry();
    }

    /** How often one thing was tried so far. */
    final class Attempts {
        private final BackOffExecution waits = backOff().start();
        private int number = 1;

        /** The next attempt; empty where there is to be none. */
        synchronized Optional<Retry> next(Failure failure) {
            if (!worthIt(failure)) {
                return Optional.empty();
            }
            long wait = waits.nextBackOff();
            if (wait == BackOffExecution.STOP) {
                return Optional.empty();
            }
            number++;
            // What failed at the same time is not tried again at the same time.
            long spread = Math.round(wait * (0.75 + ThreadLocalRandom.current().nextDouble() / 2));
            long asked = failure instanceof Failure.Passing passing
                    ? passing.retryAfter().toMillis()
                    : 0;
            return Optional.of(
                    new Retry(number, Duration.ofMillis(Math.max(spread, Math.min(asked, inAll.toMillis())))));
        }
    }

    /**
     * Another attempt to come.
     *
     * @param attempt counts from 1, which was the first one
     */
    record Retry(int attempt, Duration after) {}

    Attempts none() {
        return new Attempts();
    }

    /** A full disk is not emptied by writing to it again. */
    private boolean worthIt(Failure failure) {
        return failure.retryable() && !(failure instanceof Failure.DiskFull) && inAll.toMillis() > 0;
    }

    private ExponentialBackOff backOff() {
        long longest = Math.max(1, Math.min(LONGEST.toMillis(), inAll.toMillis() / 4));
        ExponentialBackOff backOff =
                new ExponentialBackOff(Math.max(1, Math.min(FIRST.toMillis(), inAll.toMillis() / 120)), 2);
        backOff.setMaxInterval(longest);
        backOff.setMaxElapsedTime(inAll.toMillis());
        return backOff;
    }
}
