package dev.serai.connector.sql;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The part of the rows that an incremental sync asks for.
 *
 * @param column the watermark column
 * @param from the lower bound, inclusive, as DuckDB prints a value of the column; null: there is none
 * @param nulls whether rows without a watermark are wanted too, as they are where the dataset has a key
 */
public record ReadWindow(String column, @Nullable String from, boolean nulls) {

    /** What the request's {@code window} says; null where there is none. */
    public static @Nullable ReadWindow of(JsonNode request) {
        JsonNode window = request.path("window");
        return window.hasNonNull("column")
                ? new ReadWindow(
                        window.path("column").asText(),
                        RequestFields.text(window, "from"),
                        window.path("nulls").asBoolean(false))
                : null;
    }
}
