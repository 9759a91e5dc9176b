package dev.serai.lake;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** One entry of a table's history. */
public record TableVersion(
        long version, Instant time, String operation, @Nullable String runId, long rows, List<String> schemaChanges) {}
