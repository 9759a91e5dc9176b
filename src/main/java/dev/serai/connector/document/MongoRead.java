package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.MongoIterable;
import org.bson.Document;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What is to be read of a collection or view?
 *
 * @param columns in this order; empty for all
 * @param conditions all of which hold
 * @param limit 0 for all
 */
record MongoRead(String database, String collection, List<String> columns, List<Document> conditions, int limit) {

    /** @param request {@code {model: {schema, name}, columns, filter, window, limit}} */
    static MongoRead of(JsonNode request, String home) {
        JsonNode model = request.path("model");
        if (!model.path("name").isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        List<String> columns = new ArrayList<>();
        request.path("columns").forEach(column -> columns.add(column.asText()));
        List<Document> conditions = new ArrayList<>();
        if (request.hasNonNull("filter")) {
            conditions.add(filter(request.path("filter").asText()));
        }
        MongoWindow.condition(request.path("window")).ifPresent(conditions::add);
        long limit = request.path("limit").asLong(0);
        return new MongoRead(
                model.hasNonNull("schema") ? model.path("schema").asText() : home,
                model.path("name").asText(),
                List.copyOf(columns),
                List.copyOf(conditions),
                (int) Math.min(limit, Integer.MAX_VALUE));
    }

    private static Document filter(String text) {
        Document filter = MongoText.parse(text, "/filter");
        ReadOnlyRule rule = new ReadOnlyRule(java.util.Set.of());
        rule.expression(filter, "/filter");
        List<Fault> faults = rule.faults();
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return filter;
    }

    MongoIterable<Document> open(MongoClient client) {
        MongoDatabase from = client.getDatabase(database);
        if (!isThere(from)) {
            throw new FailureException(new Failure.Source(
                    Layer.READ,
                    "model_missing",
                    "There is no model " + database + "." + collection + " that the user may read.",
                    false));
        }
        FindIterable<Document> find = from.getCollection(collection)
                .find(
                        conditions.size() == 1
                                ? conditions.get(0)
                                : conditions.isEmpty() ? new Document() : new Document("$and", conditions))
                .limit(limit);
        if (!columns.isEmpty() && columns.stream().allMatch(MongoWindow::isPlain)) {
            Document projection = new Document();
            columns.forEach(column -> projection.append(column, 1));
            find = find.projection(columns.contains("_id") ? projection : projection.append("_id", 0));
        }
        return find;
    }

    /** Whoever reads a collection that is not there gets no error from MongoDB, but no documents. */
    private boolean isThere(MongoDatabase from) {
        for (Document there : from.listCollections().filter(new Document("name", collection))) {
            if (collection.equals(there.getString("name"))) {
                return true;
            }
        }
        return false;
    }
}
