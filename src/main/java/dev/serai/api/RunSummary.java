package dev.serai.api;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.serai.sync.Run;

/** A run in a few words, where it is the last of something. */
record RunSummary(
        String id,
        String trigger,
        String status,
        @Nullable String reason,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Long durationMs,
        @Nullable Integer consecutiveFailures) {

    static @Nullable RunSummary of(@Nullable Run run) {
        return run == null
                ? null
                : new RunSummary(
                        run.id(),
                        run.trigger(),
                        run.status(),
                        run.reason(),
                        run.startedAt(),
                        run.endedAt(),
                        run.durationMs(),
                        run.consecutiveFailures());
    }
}
