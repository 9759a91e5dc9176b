package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.Fault;

/**
 * Does a search run no script, and ask no index but those that it may? Where names of fields stand, a field may be called
 * whatever it is.
 */
final class ReadOnlySearch {
    /** Of which each name is a field's. */
    private static final Set<String> FIELDS_BELOW = Set.of(
            "match",
            "match_phrase",
            "match_phrase_prefix",
            "match_bool_prefix",
            "term",
            "terms",
            "terms_set",
            "range",
            "prefix",
            "wildcard",
            "regexp",
            "fuzzy",
            "intervals",
            "span_term",
            "sort");

    private static final Set<String> SCRIPTS = Set.of("script", "scripts", "script_fields", "script_score");
    private static final Set<String> INDICES = Set.of("index", "_index");

    private static final List<String> BOUNDS = List.of("gt", "gte", "lt", "lte", "from", "to");

    private final IndexNames names;
    private final List<Fault> faults = new ArrayList<>();

    ReadOnlySearch(IndexNames names) {
        this.names = names;
    }

    List<Fault> faults() {
        return faults;
    }

    void check(JsonNode node, String pointer) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                check(node.get(i), pointer + "/" + i);
            }
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = entry.getKey();
            String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            JsonNode value = entry.getValue();
            if (isScript(name)) {
                faults.add(new Fault(place, "is a script, and none is run"));
            } else if (INDICES.contains(name)) {
                index(value, place);
            }
            if (FIELDS_BELOW.contains(name) && value.isObject()) {
                value.properties().forEach(field -> below(name, field, place));
            } else {
                check(value, place);
            }
        }
    }

    /** A sort may be by a script where it might be by a field. */
    private void below(String query, Map.Entry<String, JsonNode> field, String place) {
        boolean sortsByScript = query.equals("sort") && field.getKey().equals("_script");
        boolean aggregates = isScript(field.getKey()) && !isQuery(query, field.getValue());
        if (sortsByScript || aggregates) {
            faults.add(new Fault(place + "/" + field.getKey(), "is a script, and none is run"));
        }
        check(field.getValue(), place + "/" + field.getKey());
    }

    /** Aggregations of the same name take a script where a query has a field's values. */
    private static boolean isQuery(String query, JsonNode values) {
        return switch (query) {
            case "terms" -> values.isArray() || values.has("index");
            case "range" -> BOUNDS.stream().anyMatch(values::has);
            default -> true;
        };
    }

    private static boolean isScript(String name) {
        return SCRIPTS.contains(name) || name.endsWith("_script") || name.equals("scripted_metric");
    }

    private void index(JsonNode value, String place) {
        if (value.isTextual()) {
            String fault = names.fault(value.textValue());
            if (fault != null) {
                faults.add(new Fault(place, fault));
            }
        }
    }
}
