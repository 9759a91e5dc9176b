package dev.serai.dataset;

import org.jspecify.annotations.Nullable;

/**
 * Where the next sync goes on after one.
 *
 * @param watermark null: at the beginning
 * @param column whose position it is
 * @param stored the dataset's position when the sync began; where a person has set another one since, that one stays
 */
public record SyncedPosition(@Nullable String watermark, @Nullable String column, @Nullable String stored) {}
