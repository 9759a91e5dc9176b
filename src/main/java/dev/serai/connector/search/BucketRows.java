package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Aggregations as rows: one for each innermost bucket, with the keys and counts of those around it, and each metric a column
 * named after it. Aggregations beside each other have rows of their own; metrics beside buckets stand in each of their rows.
 */
final class BucketRows {
    private static final Set<String> NO_METRIC = Set.of("meta", "after_key");
    private static final Set<String> NO_VALUE =
            Set.of("key", "key_as_string", "doc_count", "from", "to", "from_as_string", "to_as_string");

    private final List<ObjectNode> rows = new ArrayList<>();
    private final long limit;

    private BucketRows(long limit) {
        this.limit = limit;
    }

    /** @param aggregations as the server answers them */
    static List<ObjectNode> of(JsonNode aggregations, long limit) {
        BucketRows rows = new BucketRows(limit);
        rows.add(aggregations, JsonNodeFactory.instance.objectNode(), Set.of());
        return rows.rows;
    }

    private void add(JsonNode level, ObjectNode around, Set<String> notHere) {
        ObjectNode row = around.deepCopy();
        Map<String, JsonNode> inner = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> one : level.properties()) {
            if (notHere.contains(one.getKey()) || NO_METRIC.contains(one.getKey())) {
                continue;
            } else if (one.getValue().has("buckets") || holdsOthers(one.getValue())) {
                inner.put(one.getKey(), one.getValue());
            } else {
                metric(one.getKey(), one.getValue(), row);
            }
        }
        if (inner.isEmpty()) {
            add(row);
        }
        inner.forEach((name, aggregation) -> {
            if (aggregation.has("buckets")) {
                buckets(name, aggregation.path("buckets"), row);
            } else {
                ObjectNode one = row.deepCopy();
                one.set(name + "_count", aggregation.path("doc_count"));
                add(aggregation, one, NO_VALUE);
            }
        });
    }

    private void add(ObjectNode row) {
        if (!row.isEmpty() && rows.size() < limit) {
            rows.add(row);
        }
    }

    /** One bucket alone, such as a filter's. */
    private static boolean holdsOthers(JsonNode aggregation) {
        return aggregation.has("doc_count");
    }

    /** A list, or by name. */
    private void buckets(String name, JsonNode buckets, ObjectNode row) {
        if (buckets.isArray()) {
            buckets.forEach(bucket -> bucket(name, key(bucket), bucket, row));
        } else {
            buckets.properties()
                    .forEach(one -> bucket(name, JsonNodeFactory.instance.textNode(one.getKey()), one.getValue(), row));
        }
    }

    private void bucket(String name, JsonNode key, JsonNode bucket, ObjectNode around) {
        if (rows.size() >= limit) {
            return;
        }
        ObjectNode row = around.deepCopy();
        if (key.isObject()) {
            key.properties().forEach(part -> row.set(name + "." + part.getKey(), part.getValue()));
        } else {
            row.set(name, key);
        }
        row.set(name + "_count", bucket.path("doc_count"));
        add(bucket, row, NO_VALUE);
    }

    private static JsonNode key(JsonNode bucket) {
        return bucket.has("key_as_string") ? bucket.path("key_as_string") : bucket.path("key");
    }

    private static void metric(String name, JsonNode metric, ObjectNode row) {
        if (metric.has("value_as_string")) {
            row.set(name, metric.path("value_as_string"));
        } else if (metric.has("value")) {
            row.set(name, metric.path("value"));
        } else if (metric.path("values").isObject()) {
            metric.path("values").properties().forEach(one -> row.set(name + "." + one.getKey(), one.getValue()));
        } else if (metric.has("hits") || !metric.isObject()) {
            row.set(
                    name,
                    metric.path("hits").path("hits").isArray()
                            ? metric.path("hits").path("hits")
                            : metric);
        } else {
            metric.properties().forEach(one -> row.set(name + "." + one.getKey(), one.getValue()));
        }
    }
}
