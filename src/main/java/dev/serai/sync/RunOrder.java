package dev.serai.sync;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;

/**
 * What a run is to do, and on whose order.
 *
 * @param mode {@code full} or {@code incremental} for all its datasets; null: each one's own
 * @param datasets those known now
 * @param whole whether it is of all the connector's datasets, so that new models are looked up first
 * @param trigger {@code manual}, {@code schedule} or {@code upload}
 * @param scheduledFor the fire that ordered it, or null
 * @param upload whose rows are to be had, or null where the connector is asked for them
 */
record RunOrder(
        Connector connector,
        @Nullable String mode,
        List<Dataset> datasets,
        boolean whole,
        String trigger,
        String startedBy,
        @Nullable Instant scheduledFor,
        @Nullable Upload upload) {
    RunOrder {
        datasets = List.copyOf(datasets);
    }

    /** Of rows that the connector is asked for. */
    RunOrder(
            Connector connector,
            @Nullable String mode,
            List<Dataset> datasets,
            boolean whole,
            String trigger,
            String startedBy,
            @Nullable Instant scheduledFor) {
        this(connector, mode, datasets, whole, trigger, startedBy, scheduledFor, null);
    }

    /** What a fire of a schedule orders. */
    static RunOrder scheduled(Connector connector, List<Dataset> datasets, Instant fire) {
        return new RunOrder(connector, null, datasets, true, "schedule", "schedule", fire);
    }
}
