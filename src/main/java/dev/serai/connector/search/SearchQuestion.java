package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What does a query ask? The body of a search, with the {@code index} that it asks (a name, or a list) and, where not all are
 * wanted, the {@code columns} of its rows; it was checked to only read what may be read.
 *
 * @param indices with commas between them
 * @param body as the server takes it
 */
record SearchQuestion(String text, String indices, ObjectNode body, List<String> columns, long limit) {
    private static final Set<String> OURS = Set.of("index", "columns");
    private static final Set<String> SEARCH = Set.of(
            "query",
            "aggs",
            "aggregations",
            "size",
            "from",
            "sort",
            "_source",
            "fields",
            "docvalue_fields",
            "highlight",
            "post_filter",
            "collapse",
            "min_score",
            "timeout",
            "terminate_after",
            "search_after",
            "track_total_hits",
            "track_scores",
            "knn",
            "retriever",
            "rescore",
            "runtime_mappings",
            "indices_boost");
    private static final ObjectReader STRICT =
            SearchClient.JSON.reader().with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** @param request {@code {sql | query, params, limit, schemas}} */
    static SearchQuestion of(JsonNode request, long limit) {
        if (request.path("params").size() > 0) {
            throw new FailureException(Failure.Invalid.of("/params", "must be empty: values stand in the query"));
        }
        String field = request.hasNonNull("query") ? "query" : "sql";
        JsonNode given = request.path(field);
        String text = given.isObject() ? given.toString() : given.asText();
        ObjectNode query = parsed(text, "/" + field);
        List<Fault> faults = new ArrayList<>();
        IndexNames names = IndexNames.of(request);
        List<String> indices = texts(query, "index", "/" + field, faults);
        for (String index : indices) {
            String fault = names.fault(index);
            if (fault != null) {
                faults.add(new Fault("/" + field + "/index", fault));
            }
        }
        if (indices.isEmpty() && faults.isEmpty()) {
            faults.add(new Fault("/" + field + "/index", "is required: a name, or a list of names"));
        }
        List<String> columns = texts(query, "columns", "/" + field, faults);
        if (Set.copyOf(columns).size() < columns.size()) {
            faults.add(new Fault("/" + field + "/columns", "must not name a column twice"));
        }
        query.remove(List.copyOf(OURS));
        for (Map.Entry<String, JsonNode> part : query.properties()) {
            if (!SEARCH.contains(part.getKey())) {
                faults.add(new Fault("/" + field + "/" + part.getKey(), "is no part of a search that reads"));
            }
        }
        for (String part : List.of("size", "from")) {
            if (query.has(part)
                    && !(query.path(part).isIntegralNumber() && query.path(part).longValue() >= 0)) {
                faults.add(new Fault("/" + field + "/" + part, "must be a whole number that is not negative"));
            }
        }
        ReadOnlySearch rule = new ReadOnlySearch(names);
        rule.check(query, "/" + field);
        faults.addAll(rule.faults());
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new SearchQuestion(
                text,
                String.join(",", indices),
                query,
                columns,
                request.path("limit").asLong(limit));
    }

    private static ObjectNode parsed(String text, String pointer) {
        try {
            if (STRICT.readTree(text) instanceof ObjectNode query) {
                return query;
            }
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            throw new FailureException(new Failure.Unreadable(
                    "bad_sql",
                    "The query is not JSON, or names something twice.",
                    place == null ? null : (int) place.getCharOffset() + 1));
        }
        throw new FailureException(Failure.Invalid.of(pointer, "must be the body of a search as a JSON object"));
    }

    private static List<String> texts(ObjectNode query, String name, String pointer, List<Fault> faults) {
        List<String> texts = new ArrayList<>();
        JsonNode given = query.path(name);
        if (given.isTextual()) {
            texts.addAll(List.of(given.textValue().split(",", -1)));
        } else {
            given.forEach(one -> texts.add(one.asText()));
            if (query.has(name) && !given.isArray()) {
                faults.add(new Fault(pointer + "/" + name, "must be a name, or a list of names"));
            }
        }
        return texts;
    }

    /** Whether its rows are buckets, not hits. */
    boolean aggregates() {
        return body.has("aggs") || body.has("aggregations");
    }

    /** How many hits are wanted: as many as the query says, but no more than asked for. */
    long hits() {
        return body.has("size") ? Math.min(body.path("size").longValue(), limit) : limit;
    }

    /** What the server refused, told of the query. */
    FailureException refused(FailureException thrown) {
        return SearchRefusal.in(thrown).map(refusal -> refused(thrown, refusal)).orElse(thrown);
    }

    private FailureException refused(FailureException thrown, SearchRefusal refusal) {
        if (refusal.status() == 404) {
            String missing = refusal.error().path("error").path("index").asText(indices);
            int place = text.indexOf(missing);
            return new FailureException(
                    new Failure.Unreadable(
                            "bad_sql",
                            "There is no index, alias or data stream " + missing + ".",
                            place < 0 ? null : place + 1),
                    thrown);
        } else if (refusal.status() == 400) {
            return new FailureException(
                    new Failure.Unreadable(
                            "bad_sql",
                            "The server does not take the query: " + SearchFailures.reason(refusal.error()),
                            null),
                    thrown);
        }
        return thrown;
    }
}
