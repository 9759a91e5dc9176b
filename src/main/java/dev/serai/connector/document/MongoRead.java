package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** What is to be read of a collection or view, where a model is asked for? */
final class MongoRead {
    private static final String ID = "_id";

    private MongoRead() {}

    /**
     * @param request {@code {model: {schema, name}, columns, filter, window}}
     * @param home the connector's database
     * @param limit null for all
     */
    static MongoQuestion of(JsonNode request, String home, @Nullable Integer limit) {
        JsonNode model = request.path("model");
        if (!model.path("name").isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        List<String> columns = new ArrayList<>();
        request.path("columns").forEach(column -> columns.add(column.asText()));
        boolean withId = columns.isEmpty() || columns.contains(ID);
        return new MongoQuestion(
                model.hasNonNull("schema") ? model.path("schema").asText() : home,
                model.path("name").asText(),
                criteria(request),
                projection(columns),
                null,
                0,
                limit,
                null,
                columns,
                withId ? List.of(ID) : List.of());
    }

    private static Document criteria(JsonNode request) {
        List<Document> conditions = new ArrayList<>();
        if (request.hasNonNull("filter")) {
            conditions.add(filter(request.path("filter").asText()));
        }
        MongoWindow.condition(request.path("window")).ifPresent(conditions::add);
        return switch (conditions.size()) {
            case 0 -> new Document();
            case 1 -> conditions.get(0);
            default -> new Document("$and", conditions);
        };
    }

    private static Document filter(String text) {
        Document filter = MongoText.parse(text, "/filter");
        ReadOnlyRule rule = new ReadOnlyRule(Set.of());
        rule.expression(filter, "/filter");
        List<Fault> faults = rule.faults();
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return filter;
    }

    /** Null where all is to come: where all is wanted, and where a name would mean a field inside another. */
    private static @Nullable Document projection(List<String> columns) {
        if (columns.isEmpty() || !columns.stream().allMatch(MongoWindow::isPlain)) {
            return null;
        }
        Document projection = new Document();
        columns.forEach(column -> projection.append(column, 1));
        return columns.contains(ID) ? projection : projection.append(ID, 0);
    }

    /**
     * What is asked, once it is known that the model is there: whoever reads a collection that is not gets no error from
     * MongoDB, but no documents. Only a collection's ids differ for sure, those of views and time series may not.
     */
    static MongoQuestion of(MongoQuestion question, MongoClient client) {
        String collection = question.collection();
        for (Document there :
                client.getDatabase(question.database()).listCollections().filter(new Document("name", collection))) {
            if (collection.equals(there.getString("name"))) {
                String type = there.getString("type");
                return "view".equals(type) || "timeseries".equals(type) ? question.withoutKey() : question;
            }
        }
        throw new FailureException(new Failure.Source(
                Layer.READ,
                "model_missing",
                "There is no model " + question.database() + "." + collection + " that the user may read.",
                false));
    }
}
