package dev.serai.connector;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Cancellation;

/**
 * How long a call to a connector may take in all, and how it is stopped sooner.
 *
 * @param time for all its pages together; null: as long as one answer may take by the connector's config
 * @param cancellation ends the call from another thread, whatever it waits for
 * @param left asked now and then, by the thread that waits, whether nobody wants the answer any more
 */
public record CallLimit(@Nullable Duration time, Cancellation cancellation, BooleanSupplier left) {
    /** Beyond the times of the config, which the client that keeps them should report itself. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** For one answer that somebody waits for. */
    public static CallLimit answer(Cancellation cancellation) {
        return new CallLimit(null, cancellation, () -> false);
    }

    /** For one answer whose asker may leave before it has it. */
    public static CallLimit answer(BooleanSupplier left) {
        return new CallLimit(null, new Cancellation(), left);
    }

    /** For one answer that nobody will take back. */
    public static CallLimit answer() {
        return answer(new Cancellation());
    }

    /** For rows in bulk. */
    public static CallLimit within(Duration time, Cancellation cancellation) {
        return new CallLimit(time, cancellation, () -> false);
    }

    Duration time(CallTimes times) {
        return time == null ? times.connect().plus(times.read()).plus(GRACE) : time;
    }
}
