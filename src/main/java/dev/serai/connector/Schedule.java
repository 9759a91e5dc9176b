package dev.serai.connector;

import org.jspecify.annotations.Nullable;

/**
 * When a connector's datasets are synced, and how where they do not say.
 *
 * @param cron five fields or a nickname; null: never by itself
 * @param mode {@code incremental} or {@code full}
 * @param timezone UTC where null
 * @param watermarkColumn for datasets without one of their own
 */
public record Schedule(
        @Nullable String cron, @Nullable String mode, @Nullable String timezone, @Nullable String watermarkColumn) {
    public static final Schedule NONE = new Schedule(null, null, null, null);
}
