package dev.serai.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Fault;

/** Reads a dataset out of JSON: what is not of the right type, or not known at all, becomes a fault. */
final class DatasetFields {
    static final Set<String> EDITABLE = Set.of(
            "name",
            "mode",
            "watermark_column",
            "primary_key",
            "lookback",
            "schema_policy",
            "detect_deletes",
            "parallelism",
            "columns",
            "filter",
            "readers");
    private static final Set<String> ORIGIN = Set.of("connector_id", "model", "query", "path");

    private final ObjectNode json;
    private final String prefix;
    private final List<Fault> faults;

    private DatasetFields(ObjectNode json, String prefix, List<Fault> faults) {
        this.json = json;
        this.prefix = prefix;
        this.faults = faults;
    }

    /**
     * @param connectorId of the connector where the JSON may not name one, else null
     * @param prefix of the pointers of the faults, such as {@code /datasets/3}
     */
    static NewDataset read(ObjectNode json, @Nullable String connectorId, String prefix, List<Fault> faults) {
        DatasetFields fields = new DatasetFields(json, prefix, faults);
        fields.rejectUnknown(connectorId == null);
        return new NewDataset(
                connectorId == null ? fields.required("connector_id") : connectorId,
                fields.text("model"),
                fields.text("query"),
                fields.text("path"),
                fields.text("name"),
                fields.text("mode"),
                fields.text("watermark_column"),
                fields.texts("primary_key"),
                fields.text("lookback"),
                fields.text("schema_policy"),
                fields.text("detect_deletes"),
                fields.wholeNumber("parallelism"),
                fields.texts("columns"),
                fields.text("filter"),
                fields.texts("readers"));
    }

    private void rejectUnknown(boolean namesConnector) {
        json.fieldNames().forEachRemaining(field -> {
            boolean known = EDITABLE.contains(field)
                    || (ORIGIN.contains(field) && (namesConnector || !field.equals("connector_id")));
            if (!known) {
                fault(field.replace("~", "~0").replace("/", "~1"), "no such property");
            }
        });
    }

    private String required(String field) {
        String value = text(field);
        if (value == null && json.path(field).isMissingNode()) {
            fault(field, "is required");
        }
        return value == null ? "" : value;
    }

    private @Nullable String text(String field) {
        JsonNode value = json.path(field);
        if (value.isTextual()) {
            return value.textValue();
        }
        if (!value.isMissingNode() && !value.isNull()) {
            fault(field, "must be text");
        }
        return null;
    }

    /** What is beyond all bounds is the largest there is. */
    private @Nullable Integer wholeNumber(String field) {
        JsonNode value = json.path(field);
        if (value.canConvertToExactIntegral()) {
            return value.canConvertToInt() ? value.intValue() : Integer.MAX_VALUE;
        }
        if (!value.isMissingNode() && !value.isNull()) {
            fault(field, "must be a whole number");
        }
        return null;
    }

    private List<String> texts(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            fault(field, "must be a list of texts");
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (value.get(i).isTextual()) {
                texts.add(value.get(i).textValue());
            } else {
                fault(field + "/" + i, "must be text");
            }
        }
        return texts;
    }

    /** @param field escaped as in a JSON pointer */
    private void fault(String field, String message) {
        faults.add(new Fault(prefix + "/" + field, message));
    }
}
