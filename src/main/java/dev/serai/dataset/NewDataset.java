package dev.serai.dataset;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A dataset as somebody asks for it, unchecked; absent lists are empty.
 *
 * @param name null: made of the connector's slug and the model
 * @param parallelism null: {@link #PARALLELISM}
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
        @Nullable Integer parallelism,
        List<String> columns,
        @Nullable String filter,
        List<String> readers) {
    /** One connection, as every source can. */
    private static final int PARALLELISM = 1;

    public NewDataset {
        primaryKey = List.copyOf(primaryKey);
        columns = List.copyOf(columns);
        readers = List.copyOf(readers);
    }

    int connections() {
        return parallelism == null ? PARALLELISM : parallelism;
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
                null,
                List.of(),
                null,
                List.of());
    }
}
