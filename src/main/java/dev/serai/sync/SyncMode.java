package dev.serai.sync;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;

/**
 * How a dataset is to be synced: request over dataset over the connector's {@code schedule_mode} over full.
 *
 * @param wanted {@code full} or {@code incremental}
 * @param watermarkColumn the dataset's own or the connector's, or null
 */
record SyncMode(String wanted, @Nullable String watermarkColumn) {
    static final String FULL = "full";
    static final String INCREMENTAL = "incremental";

    static SyncMode of(@Nullable String requested, Dataset dataset, Connector connector) {
        String mode = Optional.ofNullable(requested)
                .or(() -> Optional.ofNullable(dataset.mode()))
                .or(() -> Optional.ofNullable(connector.scheduleMode()))
                .orElse(FULL);
        String column = dataset.watermarkColumn() == null ? connector.watermarkColumn() : dataset.watermarkColumn();
        return new SyncMode(mode, column);
    }

    boolean incremental() {
        return wanted.equals(INCREMENTAL);
    }

    boolean needsWatermark() {
        return incremental() && watermarkColumn == null;
    }
}
