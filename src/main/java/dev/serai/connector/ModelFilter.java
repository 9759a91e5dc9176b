package dev.serai.connector;

import org.jspecify.annotations.Nullable;

/**
 * Which models to list.
 *
 * @param search part of {@code schema.name}, ignoring case
 * @param refresh whether to ask the source again
 */
public record ModelFilter(
        @Nullable String schema, @Nullable String search, boolean refresh, int limit, @Nullable String cursor) {}
