package dev.serai.sync;

import org.jspecify.annotations.Nullable;

/**
 * How far one dataset's sync has come. What is not known is null: it is never guessed.
 *
 * @param phase {@code opening} until the source answers, {@code reading}, and {@code committing} once it has given all
 *     its rows, which are then merged and made the dataset's next version
 * @param rows that came in; of text they are counted only at the end
 * @param bytes that came from the source, as {@link dev.serai.rows.RowSource#bytesRead()} counts them
 * @param rowsPerSecond over the last ten seconds
 * @param rowsEstimated how many rows the source expects to have in all
 * @param rowsLeft of those; null where more came than were expected
 * @param secondsLeft until all rows are read, at the present rate
 */
public record Progress(
        String phase,
        long rows,
        @Nullable Long bytes,
        long rowsPerSecond,
        @Nullable Long rowsEstimated,
        @Nullable Long rowsLeft,
        @Nullable Long secondsLeft) {
    static final String OPENING = "opening";
    static final String READING = "reading";
    static final String COMMITTING = "committing";
}
