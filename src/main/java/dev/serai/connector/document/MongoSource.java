package dev.serai.connector.document;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoIterable;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/**
 * One connector's MongoDB: the bean that the Kamelet's template makes and its steps call.
 *
 * <p>Rows are asked for in three steps: {@link #question}, camel-mongodb, {@link #answer}. What camel-mongodb gives has not
 * been asked of the server yet; only the last step does that.
 */
public class MongoSource implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEFAULT_LIMIT = 1_000;

    private final MongoSettings settings;
    private final MongoConnection connection;

    /** Dials nobody. */
    public MongoSource(Map<String, Object> config, EgressPolicy egress) {
        settings = MongoSettings.of(config);
        connection = new MongoConnection(settings, egress);
    }

    /** Tries the way to the database step by step, with a client of its own. */
    public TestResult test() {
        return new MongoProbe(settings, connection).run();
    }

    /** {@code {schemas, search, limit, cursor}} → {@code {items, next_cursor}}. */
    public ObjectNode models(Map<String, Object> request) {
        JsonNode asked = JSON.valueToTree(request);
        return asked(client -> new MongoModels(client, settings).models(asked));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        MongoQuestion all = MongoRead.of(JSON.valueToTree(request), settings.database(), null);
        return asked(client -> new MongoModels(client, settings).schema(all));
    }

    /**
     * What to ask the server for rows of a model or of a query.
     *
     * @param body {@code {model: {schema, name} | query, columns, filter, window, limit, schemas}}
     * @param operation {@code read} for all rows there are, {@code query} for some
     */
    public MongoQuestion question(Map<String, Object> body, String operation) {
        JsonNode request = JSON.valueToTree(body);
        boolean some = operation.equals("query");
        Integer limit = request.hasNonNull("limit")
                ? (Integer) (int) Math.min(request.path("limit").asLong(), Integer.MAX_VALUE)
                : some ? (Integer) DEFAULT_LIMIT : null;
        if (some || request.hasNonNull("query")) {
            return QueryText.read(request, settings.database(), limit);
        }
        MongoQuestion question = MongoRead.of(request, settings.database(), limit);
        return asked(client -> MongoRead.of(question, client));
    }

    /**
     * The rows, as they come from the server.
     *
     * @param documents what camel-mongodb made of the question
     * @param operation a {@code query} has the config's read timeout for all of it, and so has what wants only some rows; of
     *     a whole read the server would count the time of all batches together
     */
    public RowSource answer(MongoQuestion question, MongoIterable<Document> documents, String operation) {
        if (question.isForNothing()) {
            return new TextSource(TextSource.Format.NDJSON, null);
        }
        boolean timed = operation.equals("query") || question.limit() != null;
        long millis = settings.readTimeout().toMillis();
        long deadline = timed ? System.nanoTime() + settings.readTimeout().toNanos() : Long.MAX_VALUE;
        MongoIterable<Document> asked = limited(documents, timed ? millis : 0).batchSize(settings.batchSize());
        DocumentColumns found = new DocumentColumns(question.columns(), question.key());
        DocumentText text = asked(client -> {
            MongoCursor<Document> cursor = asked.iterator();
            Runnable stop = new CursorEnd(client, question, cursor);
            return new DocumentText(cursor, question.columns(), found, deadline, stop);
        });
        return new TextSource(TextSource.Format.NDJSON, text, found, question.key());
    }

    /** Told to the server too, which then gives up by itself; camel-mongodb has no header for it. */
    private static MongoIterable<Document> limited(MongoIterable<Document> documents, long millis) {
        if (documents instanceof FindIterable<Document> find) {
            return find.maxTime(millis, TimeUnit.MILLISECONDS);
        } else if (documents instanceof AggregateIterable<Document> aggregate) {
            return aggregate.maxTime(millis, TimeUnit.MILLISECONDS);
        }
        throw new IllegalArgumentException("The route answered with something else than a find or a pipeline");
    }

    /** The client, made now if it was not yet. */
    MongoClient client() {
        return connection.client();
    }

    private <T extends @Nullable Object> T asked(Function<MongoClient, T> ask) {
        try {
            return ask.apply(connection.client());
        } catch (RuntimeException e) {
            throw MongoFailures.of(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
