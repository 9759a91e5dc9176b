package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What is to be read of a model?
 *
 * @param columns in this order; empty for all
 * @param slices how many are to be read at once
 */
record SearchRead(
        String model, List<String> columns, List<JsonNode> conditions, JsonNode window, long limit, int slices) {
    private static final int MOST_SLICES = 16;

    /** @param request {@code {model: {schema, name}, columns, filter, window, limit, parallelism}} */
    static SearchRead of(JsonNode request) {
        String model = model(request);
        List<String> columns = new ArrayList<>();
        request.path("columns").forEach(column -> columns.add(column.asText()));
        List<JsonNode> conditions = request.hasNonNull("filter")
                ? List.of(filter(request.path("filter").asText()))
                : List.of();
        int slices = request.path("parallelism").asInt(1);
        return new SearchRead(
                model,
                List.copyOf(columns),
                conditions,
                request.path("window"),
                request.path("limit").asLong(Long.MAX_VALUE),
                Math.max(1, Math.min(slices, MOST_SLICES)));
    }

    /** One name, and within the pattern that is its schema: a request may bring any. */
    static String model(JsonNode request) {
        JsonNode name = request.path("model").path("name");
        if (!name.isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        String model = name.textValue();
        String schema = request.path("model").path("schema").asText("");
        IndexNames offered = new IndexNames(schema.isEmpty() || schema.equals("null") ? List.of() : List.of(schema));
        if (model.contains("*") || offered.fault(model) != null) {
            throw SearchFailures.missing();
        }
        return model;
    }

    private static JsonNode filter(String text) {
        JsonNode filter;
        try {
            filter = SearchClient.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // Without its words: they quote the text.
            throw new FailureException(Failure.Invalid.of("/filter", "must be a query as a JSON object"));
        }
        if (!filter.isObject()) {
            throw new FailureException(Failure.Invalid.of("/filter", "must be a query as a JSON object"));
        }
        ReadOnlySearch rule = new ReadOnlySearch(new IndexNames(List.of()));
        rule.check(filter, "/filter");
        List<Fault> faults = rule.faults();
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return filter;
    }

    /** The body of the search, without what pages need. */
    ObjectNode body(SearchMapping mapping) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        List<JsonNode> all = new ArrayList<>(conditions);
        SearchWindow.condition(window, mapping).ifPresent(all::add);
        if (!all.isEmpty()) {
            body.putObject("query").putObject("bool").putArray("filter").addAll(all);
        }
        List<String> computed = mapping.computed(columns);
        if (!columns.isEmpty()) {
            List<String> kept = columns.stream()
                    .filter(name -> !SearchMapping.ID.equals(name) && !SearchMapping.INDEX.equals(name))
                    .toList();
            if (kept.isEmpty()) {
                body.put("_source", false);
            } else {
                kept.forEach(body.putArray("_source")::add);
            }
        }
        if (!computed.isEmpty()) {
            ArrayNode fields = body.putArray("fields");
            computed.forEach(name -> {
                ObjectNode field = fields.addObject().put("field", name);
                if (mapping.field(name).map(SearchField::kind).orElse(null) == SearchField.Kind.TIME) {
                    field.put("format", SearchField.DATE_FORMAT);
                }
            });
        }
        return body;
    }
}
