package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An index of a model, as far as its type tells any: one that is unique can serve as a key, one that begins with the
 * watermark's column makes incremental reads quick.
 *
 * @param columns in order; a field inside another as {@code outer.inner}
 * @param unique whether no two rows have the same values in these columns
 */
public record ModelIndex(String name, List<String> columns, boolean unique) {
    public ModelIndex {
        columns = List.copyOf(columns);
    }

    /** @param answer of the operation {@code schema}: {@code {"indexes":[{name, columns, unique}]}}, or without it */
    static List<ModelIndex> of(JsonNode answer) {
        List<ModelIndex> indexes = new ArrayList<>();
        for (JsonNode index : answer.path("indexes")) {
            List<String> columns = new ArrayList<>();
            index.path("columns").forEach(column -> columns.add(column.asText()));
            indexes.add(new ModelIndex(
                    index.path("name").asText(), columns, index.path("unique").asBoolean(false)));
        }
        return indexes;
    }
}
