package dev.serai.sync;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** How a whole run ended, told from how its datasets did: one that failed makes it failed. */
record RunVerdict(String status, @Nullable String reason) {
    static final String INTERRUPTED = "interrupted";

    static RunVerdict of(List<RunDataset> results, Optional<ActiveRun.Stop> stop, @Nullable String reason) {
        long failed = count(results, "failed");
        long missed = count(results, "cancelled") + count(results, "skipped");
        if (stop.isPresent() && (failed + missed > 0 || results.isEmpty())) {
            return switch (stop.get()) {
                case CANCELLED -> new RunVerdict("cancelled", "The run was cancelled.");
                case TIMED_OUT -> new RunVerdict("failed", "The run took longer than syncs may.");
                case INTERRUPTED -> new RunVerdict("failed", INTERRUPTED);
            };
        }
        if (failed > 0) {
            return new RunVerdict("failed", failed + " of " + results.size() + " datasets failed.");
        }
        if (results.isEmpty()) {
            return reason == null
                    ? new RunVerdict("succeeded", "The connector has no datasets.")
                    : new RunVerdict("failed", reason);
        }
        return new RunVerdict("succeeded", reason);
    }

    private static long count(List<RunDataset> results, String status) {
        return results.stream().filter(result -> result.status().equals(status)).count();
    }
}
