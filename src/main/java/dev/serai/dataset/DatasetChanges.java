package dev.serai.dataset;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.metadata.Json;

/** Which fields of a dataset are others than before? By name; who may read it is told, too. */
final class DatasetChanges {
    private DatasetChanges() {}

    static ObjectNode ofNew(Dataset dataset) {
        ObjectNode details = Json.newObject();
        if (dataset.model() != null) {
            details.put("model", dataset.model());
        }
        return readers(details, dataset);
    }

    static ObjectNode of(Dataset before, Dataset after) {
        Set<String> fields = new TreeSet<>();
        note(fields, "name", before.name(), after.name());
        note(fields, "mode", before.mode(), after.mode());
        note(fields, "watermark_column", before.watermarkColumn(), after.watermarkColumn());
        note(fields, "primary_key", before.primaryKey(), after.primaryKey());
        note(fields, "lookback", before.lookback(), after.lookback());
        note(fields, "schema_policy", before.schemaPolicy(), after.schemaPolicy());
        note(fields, "detect_deletes", before.detectDeletes(), after.detectDeletes());
        note(fields, "parallelism", before.parallelism(), after.parallelism());
        note(fields, "columns", before.columns(), after.columns());
        note(fields, "filter", before.filter(), after.filter());
        note(fields, "readers", before.readers(), after.readers());
        ObjectNode details = Json.newObject();
        fields.forEach(details.putArray("fields")::add);
        return fields.contains("readers") ? readers(details, after) : details;
    }

    private static ObjectNode readers(ObjectNode details, Dataset dataset) {
        dataset.readers().forEach(details.putArray("readers")::add);
        return details;
    }

    private static void note(Set<String> fields, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            fields.add(name);
        }
    }
}
