package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.Failure.Layer;

/**
 * Which fields have the documents of a model, as the mappings of its indices say? Documents may have others, which a mapping
 * that is not dynamic leaves out.
 *
 * @param several whether it has more than one index, so that an id alone tells no two documents apart
 */
record SearchMapping(Map<String, SearchField> fields, boolean several) {
    static final String ID = "_id";
    static final String INDEX = "_index";

    static SearchMapping of(SearchClient client, String model) {
        JsonNode indices = client.get("/" + SearchClient.part(model) + "/_mapping");
        if (indices.isEmpty()) {
            throw SearchFailures.missing();
        }
        Map<String, SearchField> fields = new LinkedHashMap<>();
        boolean plain = indices.size() == 1 && indices.has(model);
        for (JsonNode index : indices) {
            JsonNode mappings = index.path("mappings");
            if (!mappings.path("_source").path("enabled").asBoolean(true)) {
                throw SearchFailures.exception(
                        Layer.READ,
                        "rejected",
                        "The index does not keep the documents that it was sent (its _source is disabled).",
                        false);
            }
            mappings.path("properties")
                    .properties()
                    .forEach(one -> add(fields, SearchField.of(one.getKey(), one.getValue(), false)));
            mappings.path("runtime")
                    .properties()
                    .forEach(one -> add(fields, SearchField.of(one.getKey(), one.getValue(), true)));
        }
        return new SearchMapping(fields, !plain);
    }

    private static void add(Map<String, SearchField> fields, SearchField field) {
        fields.merge(field.name(), field, SearchField::unlike);
    }

    Optional<SearchField> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** By which documents are told apart. */
    List<String> key() {
        return several ? List.of(INDEX, ID) : List.of(ID);
    }

    /** In the order of the columns where none are asked for. */
    List<String> names() {
        List<String> names = new ArrayList<>(key());
        names.addAll(fields.keySet());
        return names;
    }

    /** Those whose values are not to be taken from the source, of the ones asked for. */
    List<String> computed(Collection<String> asked) {
        List<String> computed = new ArrayList<>();
        for (String name : asked.isEmpty() ? fields.keySet() : asked) {
            boolean below = !fields.containsKey(name) && name.contains(".");
            if (below || field(name).map(SearchField::computed).orElse(false)) {
                computed.add(name);
            }
        }
        return computed;
    }
}
