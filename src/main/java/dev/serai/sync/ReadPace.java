package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** At which rate do rows come in now? The mean over the last ten seconds; bursts between them do not show. */
final class ReadPace {
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();

    private record Sample(long nanos, long rows) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** @param nanos as of {@link System#nanoTime()} */
    ReadPace(long nanos) {
        samples.add(new Sample(nanos, 0));
    }

    /** Rows a second, now that so many have come. */
    long at(long nanos, long rows) {
        samples.addLast(new Sample(nanos, rows));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW) {
            samples.removeFirst();
        }
        Sample oldest = samples.getFirst();
        long took = nanos - oldest.nanos();
        return took <= 0 ? 0 : Math.round((rows - oldest.rows()) * 1e9 / took);
    }
}
