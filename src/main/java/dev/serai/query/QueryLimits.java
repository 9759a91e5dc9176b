package dev.serai.query;

import java.time.Duration;
import java.util.List;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.settings.SeraiSettings;

/**
 * What a query may take, and what it is told when it wants more.
 *
 * @param sandbox what its DuckDB may take
 * @param parallelism how many may run at once
 * @param rows of one answer
 */
record QueryLimits(Duration time, Sandbox.Limits sandbox, int parallelism, long rows) {
    /** The process itself, and what DuckDB does not count: texts and lists of functions that are at work. */
    private static final long OVERHEAD = 256L << 20;

    private static final int SPILL_FACTOR = 4;

    static QueryLimits of(SeraiSettings.Query settings) {
        long memory = settings.memory().toBytes();
        long spill = settings.spill() == null
                ? SPILL_FACTOR * memory
                : settings.spill().toBytes();
        return new QueryLimits(
                settings.timeout(),
                new Sandbox.Limits(Runtime.getRuntime().availableProcessors(), memory, spill),
                settings.parallelism(),
                settings.rows());
    }

    /** Beyond it the process is killed. */
    long processBytes() {
        return sandbox.memoryBytes() + OVERHEAD;
    }

    Failure tooMuchMemory() {
        return sandbox.tooMuchMemory();
    }

    Failure tooLate() {
        return new Failure.TimedOut(
                "The query took longer than the " + shown(time) + " it may take (SERAI_QUERY_TIMEOUT).");
    }

    /** Or nothing, where so many rows may be asked for. */
    void check(long wanted) {
        if (wanted > rows) {
            throw new FailureException(new Failure.Invalid(
                    "row_limit",
                    "More rows are wanted than an answer may have.",
                    List.of(new Fault("/limit", "must be at most " + rows + " (SERAI_QUERY_ROWS)"))));
        }
    }

    static String shown(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
