package dev.serai.dataset;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A dataset as somebody asks for it, unchecked; absent lists are empty.
 *
 * @param name null: made of the connector's slug and the model
 */
public record NewDataset(
        String connectorId,
        @Nullable String model,
        @Nullable String query,
        @Nullable String path,
        @Nullable String name,
        @Nullable String mode,
        @Nullable String watermarkColumn,
        List<String> primaryKey,
        @Nullable String lookback,
        @Nullable String schemaPolicy,
        @Nullable String detectDeletes,
        List<String> columns,
        @Nullable String filter,
        List<String> readers) {
    public NewDataset {
        primaryKey = List.copyOf(primaryKey);
        columns = List.copyOf(columns);
        readers = List.copyOf(readers);
    }

    /** A whole model under its default name. */
    public static NewDataset ofModel(String connectorId, String model) {
        return new NewDataset(
                connectorId,
                model,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                List.of(),
                null,
                List.of());
    }
}
