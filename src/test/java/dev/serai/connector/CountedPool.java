package dev.serai.connector;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for a pool that a Kamelet's template opens: counts how many were made and destroyed. */
public final class CountedPool implements AutoCloseable {
    static final AtomicInteger MADE = new AtomicInteger();
    static final AtomicInteger DESTROYED = new AtomicInteger();

    private final Map<String, Object> config;
    private volatile boolean closed;

    public CountedPool(Map<String, Object> config) {
        this.config = config;
        MADE.incrementAndGet();
        if ("refused".equals(config.get("value"))) {
            throw new IllegalArgumentException("A bean refused its config " + config.get("secret"));
        }
    }

    static void reset() {
        MADE.set(0);
        DESTROYED.set(0);
    }

    /** What the config says, unless the pool was closed under the caller. */
    public Map<String, Object> value() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        return Map.of("value", config.get("value"), "pool", System.identityHashCode(this));
    }

    @Override
    public void close() {
        closed = true;
        DESTROYED.incrementAndGet();
    }
}
