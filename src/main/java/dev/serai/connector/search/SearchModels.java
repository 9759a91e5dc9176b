package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.FailureException;
import dev.serai.metadata.Cursor;
import dev.serai.rows.Column;

/** Which indices, aliases and data streams are there, and which columns do they have? None that the server keeps for itself. */
final class SearchModels {
    private static final Logger LOG = LoggerFactory.getLogger(SearchModels.class);
    private static final int DEFAULT_LIMIT = 1_000;

    private final SearchClient client;

    SearchModels(SearchClient client) {
        this.client = client;
    }

    private record Found(String name, String kind, List<String> indices) {}

    /** @param request {@code {schemas, search, limit, cursor}} */
    ObjectNode models(JsonNode request) {
        IndexNames names = IndexNames.of(request);
        String search = request.path("search").asText("").toLowerCase(Locale.ROOT);
        String cursor = request.path("cursor").asText("");
        String after = Cursor.after(cursor.isEmpty() ? null : cursor);
        int limit = Math.max(1, request.path("limit").asInt(DEFAULT_LIMIT));
        List<Found> found = found().values().stream()
                .filter(one -> names.schema(one.name()).isPresent()
                        && one.name().toLowerCase(Locale.ROOT).contains(search)
                        && one.name().compareTo(after) > 0)
                .toList();
        List<Found> page = found.subList(0, Math.min(limit, found.size()));
        Map<String, Long> counts = page.isEmpty() ? Map.of() : counts();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("items");
        for (Found one : page) {
            ObjectNode item = items.addObject()
                    .put("schema", names.schema(one.name()).orElse(""))
                    .put("name", one.name())
                    .put("kind", one.kind());
            if (counts.keySet().containsAll(one.indices())) {
                item.put(
                        "row_estimate",
                        one.indices().stream().mapToLong(counts::get).sum());
            }
        }
        boolean more = limit < found.size();
        return answer.put("next_cursor", more ? Cursor.of(page.get(limit - 1).name()) : null);
    }

    private Map<String, Found> found() {
        JsonNode resolved = client.get("/_resolve/index/*?expand_wildcards=open");
        Map<String, Found> found = new TreeMap<>();
        for (JsonNode index : resolved.path("indices")) {
            String name = index.path("name").asText();
            found.put(name, new Found(name, "index", List.of(name)));
        }
        for (JsonNode alias : resolved.path("aliases")) {
            String name = alias.path("name").asText();
            found.put(name, new Found(name, "alias", texts(alias.path("indices"))));
        }
        for (JsonNode stream : resolved.path("data_streams")) {
            String name = stream.path("name").asText();
            found.put(name, new Found(name, "data_stream", texts(stream.path("backing_indices"))));
        }
        found.keySet().removeIf(name -> name.startsWith("."));
        return found;
    }

    private static List<String> texts(JsonNode names) {
        List<String> texts = new ArrayList<>();
        // One is told as a text.
        Stream<JsonNode> all = names.isTextual() ? Stream.of(names) : StreamSupport.stream(names.spliterator(), false);
        all.forEach(name -> texts.add(name.asText()));
        return texts;
    }

    /** By index; none where the user may not see them: they are only estimates. */
    private Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        try {
            JsonNode indices = client.get("/_cat/indices?format=json&h=index,docs.count&expand_wildcards=all");
            indices.forEach(index -> {
                if (index.hasNonNull("docs.count")) {
                    counts.put(
                            index.path("index").asText(),
                            Long.parseLong(index.path("docs.count").asText()));
                }
            });
        } catch (FailureException e) {
            LOG.debug(
                    "The server does not tell how many documents there are: {}",
                    e.failure().code());
        }
        return counts;
    }

    /** The columns of the mapping; documents may have more. */
    ObjectNode schema(String model) {
        SearchMapping mapping = SearchMapping.of(client, model);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("columns");
        for (Column column : new HitColumns(mapping, List.of(), List.of()).columns()) {
            items.addObject()
                    .put("name", column.name())
                    .put("type", column.type().duckdb())
                    .put("native_type", column.nativeType())
                    .put("nullable", column.nullable())
                    .put("primary_key", column.primaryKey())
                    .put("watermark_candidate", column.watermarkCandidate());
        }
        return answer;
    }
}
