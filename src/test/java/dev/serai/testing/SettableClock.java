package dev.serai.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is set. */
public final class SettableClock extends Clock {
    private volatile Instant now;

    public SettableClock(Instant now) {
        this.now = now;
    }

    public void set(Instant time) {
        now = time;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** Sets the time of the day that it shows now, such as {@code 10:00:00}. */
    public void at(String time) {
        now = Instant.parse(now.toString().substring(0, 11) + time + "Z");
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
