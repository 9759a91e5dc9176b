package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.schedule.Cron;

/**
 * Which fires of a schedule are to be dealt with at a tick: those that somebody was there for, and those that were missed.
 *
 * @param live in their order; each gets a run, if only a skipped one
 * @param missed how many there were before
 * @param lastMissed the last of those, or null
 * @param next the first one after the tick
 */
record Fires(List<Instant> live, int missed, @Nullable Instant lastMissed, Instant next) {
    /**
     * A tick may come so late and its fires still count as seen: replicas notice only after some time that the one which
     * had the tick is gone.
     */
    static final Duration GRACE = Duration.ofMinutes(2);

    /** @param first the earliest fire that was not dealt with, not after now */
    static Fires until(Instant now, Instant first, Cron cron, ZoneId zone) {
        Instant oldest = now.minus(GRACE);
        List<Instant> live = new ArrayList<>();
        int missed = 0;
        Instant lastMissed = null;
        Instant fire = first;
        while (!fire.isAfter(now)) {
            if (fire.isBefore(oldest)) {
                missed++;
                lastMissed = fire;
            } else {
                live.add(fire);
            }
            fire = cron.next(zone, fire).orElseThrow(() -> new IllegalStateException("The schedule never fires again"));
        }
        return new Fires(List.copyOf(live), missed, lastMissed, fire);
    }
}
