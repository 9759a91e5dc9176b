package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoIterable;
import org.bson.Document;
import org.bson.conversions.Bson;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What does a query ask? A find ({@code {collection, filter, projection, sort, skip, limit}}) or a pipeline
 * ({@code {collection, pipeline}}), in {@code database} or in the connector's; it was checked to only read.
 *
 * @param limit of the request, besides the query's own
 */
record MongoQuestion(String database, String collection, Document query, long limit) {
    private static final Set<String> FIND =
            Set.of("database", "collection", "filter", "projection", "sort", "limit", "skip");
    private static final Set<String> PIPELINE = Set.of("database", "collection", "pipeline");

    /**
     * @param request {@code {sql | query, params, limit, schemas}}
     * @param home the connector's database
     */
    static MongoQuestion of(JsonNode request, String home, long limit) {
        if (request.path("params").size() > 0) {
            throw new FailureException(Failure.Invalid.of("/params", "must be empty: values stand in the query"));
        }
        String field = request.hasNonNull("query") ? "query" : "sql";
        JsonNode text = request.path(field);
        Document query = MongoText.parse(text.isObject() ? text.toString() : text.asText(), "/" + field);
        String database = query.containsKey("database") ? String.valueOf(query.get("database")) : home;
        List<Fault> faults = faults(query, database, offered(request, home), "/" + field);
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new MongoQuestion(
                database,
                query.getString("collection"),
                query,
                request.path("limit").asLong(limit));
    }

    static Set<String> offered(JsonNode request, String home) {
        Set<String> offered = new LinkedHashSet<>();
        request.path("schemas").forEach(schema -> offered.add(schema.asText()));
        return offered.isEmpty() ? Set.of(home) : offered;
    }

    private static List<Fault> faults(Document query, String database, Set<String> offered, String pointer) {
        ReadOnlyRule rule = new ReadOnlyRule(offered);
        List<Fault> faults = new ArrayList<>();
        boolean pipeline = query.containsKey("pipeline");
        Set<String> known = pipeline ? PIPELINE : FIND;
        query.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> faults.add(new Fault(pointer + "/" + name, "is no part of a query that reads")));
        if (!(query.get("collection") instanceof String name) || name.isEmpty() || name.contains("\0")) {
            faults.add(new Fault(pointer + "/collection", "must be the name of a collection"));
        }
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

    /** @param millis the longest that the server may work on it; 0 for any time */
    MongoIterable<Document> ask(MongoClient client, long millis) {
        MongoCollection<Document> documents = client.getDatabase(database).getCollection(collection);
        if (query.containsKey("pipeline")) {
            List<Bson> stages = new ArrayList<>(query.getList("pipeline", Document.class));
            if (limit < Integer.MAX_VALUE) {
                stages.add(new Document("$limit", Math.max(1, limit)));
            }
            return documents.aggregate(stages).allowDiskUse(true).maxTime(millis, TimeUnit.MILLISECONDS);
        }
        FindIterable<Document> find = documents.find(part("filter")).maxTime(millis, TimeUnit.MILLISECONDS);
        if (query.containsKey("projection")) {
            find = find.projection(part("projection"));
        }
        if (query.containsKey("sort")) {
            find = find.sort(part("sort"));
        }
        int own = query.getInteger("limit", 0);
        long most = own == 0 ? limit : Math.min(own, limit);
        return find.skip(query.getInteger("skip", 0)).limit(most < Integer.MAX_VALUE ? (int) Math.max(1, most) : 0);
    }

    private Document part(String name) {
        return query.get(name) instanceof Document part ? part : new Document();
    }
}
