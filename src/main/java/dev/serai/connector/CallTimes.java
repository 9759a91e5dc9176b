package dev.serai.connector;

import java.time.Duration;

/** How long may a call's connections take? As the connector's config says; for clients that cannot be told otherwise. */
record CallTimes(Duration connect, Duration read) {
    private static final CallTimes DEFAULT = new CallTimes(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private static final ThreadLocal<CallTimes> CURRENT = new ThreadLocal<>();

    static CallTimes of(OpenedConfig config) {
        return new CallTimes(
                config.seconds("connect_timeout").orElse(DEFAULT.connect),
                config.seconds("read_timeout").orElse(DEFAULT.read));
    }

    /** Those of the call that this thread is in. */
    static CallTimes current() {
        CallTimes current = CURRENT.get();
        return current == null ? DEFAULT : current;
    }

    /** Does something under these times. */
    void during(Work work) throws Exception {
        CallTimes before = CURRENT.get();
        CURRENT.set(this);
        try {
            work.run();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Something to do. */
    interface Work {
        void run() throws Exception;
    }
}
