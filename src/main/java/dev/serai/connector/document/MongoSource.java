package dev.serai.connector.document;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoIterable;
import org.bson.Document;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/** One connector's MongoDB: the bean that the Kamelet's template makes and its steps call. */
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
        return asked(client -> new MongoModels(client, settings.database()).models(asked));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        MongoRead read = MongoRead.of(JSON.valueToTree(request), settings.database());
        return asked(client -> new MongoModels(client, settings.database()).schema(read));
    }

    /** {@code {model: {schema, name} | query, columns, filter, window, limit, schemas}} → rows as they come. */
    public RowSource read(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        if (request.path("limit").asLong(1) == 0) {
            // To MongoDB it means all.
            return new TextSource(TextSource.Format.NDJSON, null);
        }
        if (request.hasNonNull("query")) {
            MongoQuestion question = MongoQuestion.of(request, settings.database(), Long.MAX_VALUE);
            return rows(client -> question.ask(client, 0), List.of(), List.of(), Long.MAX_VALUE);
        }
        MongoRead read = MongoRead.of(request, settings.database());
        boolean withId = read.columns().isEmpty() || read.columns().contains("_id");
        return rows(read::open, read.columns(), withId ? List.of("_id") : List.of(), Long.MAX_VALUE);
    }

    /** {@code {query, limit, schemas}} → rows. */
    public RowSource query(Map<String, Object> body) {
        MongoQuestion question = MongoQuestion.of(JSON.valueToTree(body), settings.database(), DEFAULT_LIMIT);
        long deadline = System.nanoTime() + settings.readTimeout().toNanos();
        long millis = settings.readTimeout().toMillis();
        return rows(client -> question.ask(client, millis), List.of(), List.of(), deadline);
    }

    private RowSource rows(
            Function<MongoClient, MongoIterable<Document>> ask, List<String> columns, List<String> key, long deadline) {
        DocumentColumns found = new DocumentColumns(columns);
        DocumentText text = asked(client -> new DocumentText(
                ask.apply(client).batchSize(settings.batchSize()).iterator(), columns, found, deadline));
        return new TextSource(TextSource.Format.NDJSON, text, found, key);
    }

    private <T> T asked(Function<MongoClient, T> ask) {
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
