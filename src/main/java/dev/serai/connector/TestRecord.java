package dev.serai.connector;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A test that was run, as the history keeps it.
 *
 * @param connectorId null for a config that was not saved
 * @param testedBy the caller's subject, where known
 */
public record TestRecord(
        String id,
        @Nullable String connectorId,
        String type,
        TestResult result,
        Instant testedAt,
        @Nullable String testedBy) {}
