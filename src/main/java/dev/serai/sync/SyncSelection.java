package dev.serai.sync;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.dataset.Dataset;
import dev.serai.metadata.Json;

/**
 * By what were a table's rows chosen? It is kept with them, so that rows chosen otherwise are never merged into them.
 *
 * @param key by which rows are told apart
 */
record SyncSelection(List<String> columns, @Nullable String filter, List<String> key) {
    SyncSelection {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    static SyncSelection of(Dataset dataset, List<String> key) {
        return new SyncSelection(dataset.columns(), dataset.filter(), key);
    }

    String json() {
        ObjectNode json = Json.newObject();
        columns.forEach(json.putArray("columns")::add);
        json.put("filter", filter);
        key.forEach(json.putArray("key")::add);
        return json.toString();
    }

    /** Why rows of this selection do not go with those that a table has; empty where they do. */
    Optional<String> otherThan(@Nullable String known) {
        if (known == null) {
            return Optional.of("It is not known how the dataset's rows were chosen, so everything was loaded.");
        }
        ObjectNode json = Json.object(known);
        if (!Json.strings(json.path("columns").toString()).equals(columns)) {
            return Optional.of("The dataset has other columns than before, so everything was loaded.");
        }
        if (!Objects.equals(json.hasNonNull("filter") ? json.path("filter").asText() : null, filter)) {
            return Optional.of("The dataset has another filter than before, so everything was loaded.");
        }
        if (!Json.strings(json.path("key").toString()).equals(key)) {
            return Optional.of("The dataset has another primary key than before, so everything was loaded.");
        }
        return Optional.empty();
    }

    /** Whether only the filter differs from that of a table's rows, if anything; also where theirs is not known. */
    boolean sameShape(@Nullable String known) {
        if (known == null) {
            return true;
        }
        ObjectNode json = Json.object(known);
        return Json.strings(json.path("columns").toString()).equals(columns)
                && Json.strings(json.path("key").toString()).equals(key);
    }
}
