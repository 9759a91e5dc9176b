package dev.serai.connector;

import java.time.Duration;

/** How long may a call's connections take? As the connector's config says; for clients that cannot be told otherwise. */
record CallTimes(Duration connect, Duration read) {
    static final CallTimes DEFAULT = new CallTimes(Duration.ofSeconds(10), Duration.ofSeconds(60));

    static CallTimes of(OpenedConfig config) {
        return new CallTimes(
                config.seconds("connect_timeout").orElse(DEFAULT.connect),
                config.seconds("read_timeout").orElse(DEFAULT.read));
    }
}
