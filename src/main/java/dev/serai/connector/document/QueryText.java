package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What does a query in words ask? A find ({@code {collection, filter, projection, sort, skip, limit}}) or a pipeline
 * ({@code {collection, pipeline}}), in {@code database} or in the connector's.
 */
final class QueryText {
    private static final Set<String> FIND =
            Set.of("database", "collection", "filter", "projection", "sort", "limit", "skip");
    private static final Set<String> PIPELINE = Set.of("database", "collection", "pipeline");

    private final Document query;
    private final String database;
    private final String pointer;

    private QueryText(Document query, String database, String pointer) {
        this.query = query;
        this.database = database;
        this.pointer = pointer;
    }

    /**
     * @param request {@code {sql | query, params, schemas}}
     * @param home the connector's database
     * @param limit the most that may be wanted; null for all
     * @throws FailureException with all that is wrong with it
     */
    static MongoQuestion read(JsonNode request, String home, @Nullable Integer limit) {
        if (request.path("params").size() > 0) {
            throw new FailureException(Failure.Invalid.of("/params", "must be empty: values stand in the query"));
        }
        String field = request.hasNonNull("query") ? "query" : "sql";
        JsonNode text = request.path(field);
        Document query = MongoText.parse(text.isObject() ? text.toString() : text.asText(), "/" + field);
        String database = query.containsKey("database") ? String.valueOf(query.get("database")) : home;
        QueryText asked = new QueryText(query, database, "/" + field);
        List<Fault> faults = asked.faults(offered(request, home));
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return asked.question(limit);
    }

    /** The databases that may be read: the output schemas, else the connector's. */
    static Set<String> offered(JsonNode request, String home) {
        Set<String> offered = new LinkedHashSet<>();
        request.path("schemas").forEach(schema -> offered.add(schema.asText()));
        return offered.isEmpty() ? Set.of(home) : offered;
    }

    private List<Fault> faults(Set<String> offered) {
        ReadOnlyRule rule = new ReadOnlyRule(offered);
        List<Fault> faults = new ArrayList<>();
        boolean pipeline = query.containsKey("pipeline");
        Set<String> known = pipeline ? PIPELINE : FIND;
        query.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> faults.add(new Fault(pointer + "/" + name, "is no part of a query that reads")));
        rule.collection(query.get("collection"), pointer + "/collection");
        rule.database(database, pointer + "/database");
        if (pipeline) {
            rule.pipeline(query.get("pipeline"), pointer + "/pipeline");
        }
        for (String part : List.of("filter", "projection", "sort")) {
            if (query.containsKey(part)) {
                if (!(query.get(part) instanceof Document)) {
                    faults.add(new Fault(pointer + "/" + part, "must be an object"));
                }
                rule.expression(query.get(part), pointer + "/" + part);
            }
        }
        for (String part : List.of("limit", "skip")) {
            if (query.containsKey(part) && !(query.get(part) instanceof Integer count && count >= 0)) {
                faults.add(new Fault(pointer + "/" + part, "must be a whole number that is not negative"));
            }
        }
        faults.addAll(rule.faults());
        return faults;
    }

    private MongoQuestion question(@Nullable Integer limit) {
        Document filter = query.get("filter", Document.class);
        int own = query.getInteger("limit", 0);
        return new MongoQuestion(
                database,
                query.getString("collection"),
                filter == null ? new Document() : filter,
                query.get("projection", Document.class),
                query.get("sort", Document.class),
                query.getInteger("skip", 0),
                own == 0 ? limit : (Integer) (limit == null ? own : Math.min(own, limit)),
                query.containsKey("pipeline") ? query.getList("pipeline", Document.class) : null,
                List.of(),
                List.of());
    }
}
