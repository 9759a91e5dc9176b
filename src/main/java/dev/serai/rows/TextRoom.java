package dev.serai.rows;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * How much text may a batch still take? Texts are copied on their way, and DuckDB ends the whole process when it lacks
 * the memory for one that comes from Java, so that has to be known before.
 */
final class TextRoom {
    private static final long ENOUGH = 1 << 20;

    private final long most;
    private long taken;

    TextRoom(long most) {
        this.most = most;
    }

    void clear() {
        taken = 0;
    }

    /** Whether a batch that could end here should go on. */
    boolean isLeft() {
        return taken < ENOUGH;
    }

    void take(long bytes) {
        taken += bytes;
        if (taken > most) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "row_too_large",
                    "A row has more text than the " + (most >> 20) + " MB that fit.",
                    false));
        }
    }
}
