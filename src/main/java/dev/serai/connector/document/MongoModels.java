package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.EstimatedDocumentCountOptions;
import org.bson.Document;

import dev.serai.metadata.Cursor;
import dev.serai.rows.Column;

/** Which collections and views are there, and which columns do their first documents have? */
final class MongoModels {
    private static final int SAMPLE = 1_000;
    private static final int DEFAULT_LIMIT = 1_000;
    private static final char BETWEEN = '\u00a0';

    private final MongoClient client;
    private final String home;
    private final long patience;

    MongoModels(MongoClient client, MongoSettings settings) {
        this.client = client;
        this.home = settings.database();
        this.patience = settings.readTimeout().toMillis();
    }

    private record Found(String schema, String name, String kind) {
        String key() {
            return schema + BETWEEN + name;
        }
    }

    ObjectNode models(JsonNode request) {
        String search = request.path("search").asText("").toLowerCase(Locale.ROOT);
        String cursor = request.path("cursor").asText("");
        String after = Cursor.after(cursor.isEmpty() ? null : cursor);
        int limit = Math.max(1, request.path("limit").asInt(DEFAULT_LIMIT));
        List<Found> found = new ArrayList<>();
        for (String schema : QueryText.offered(request, home)) {
            for (Document one : client.getDatabase(schema).listCollections().maxTime(patience, TimeUnit.MILLISECONDS)) {
                Found model = new Found(schema, one.getString("name"), kind(one));
                if (!model.name().startsWith("system.")
                        && model.name().toLowerCase(Locale.ROOT).contains(search)
                        && model.key().compareTo(after) > 0) {
                    found.add(model);
                }
            }
        }
        found.sort(Comparator.comparing(Found::key));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("items");
        List<Found> page = found.subList(0, Math.min(limit, found.size()));
        for (Found model : page) {
            ObjectNode item = items.addObject()
                    .put("schema", model.schema())
                    .put("name", model.name())
                    .put("kind", model.kind());
            if (!model.kind().equals("view")) {
                item.put(
                        "row_estimate",
                        client.getDatabase(model.schema())
                                .getCollection(model.name())
                                .estimatedDocumentCount(
                                        new EstimatedDocumentCountOptions().maxTime(patience, TimeUnit.MILLISECONDS)));
            }
        }
        answer.put(
                "next_cursor",
                limit < found.size() ? Cursor.of(page.get(limit - 1).key()) : null);
        return answer;
    }

    private static String kind(Document found) {
        String type = found.getString("type");
        Document options = found.get("options", Document.class);
        if (options != null && options.getBoolean("capped", false)) {
            return "capped";
        }
        return type == null ? "collection" : type;
    }

    /** The columns of the first documents, what comes later may have others; and the indexes. */
    ObjectNode schema(MongoQuestion all) {
        DocumentColumns columns =
                new DocumentColumns(List.of(), MongoRead.of(all, client).key());
        MongoCollection<Document> collection =
                client.getDatabase(all.database()).getCollection(all.collection());
        collection.find().limit(SAMPLE).maxTime(patience, TimeUnit.MILLISECONDS).forEach(columns::see);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("columns");
        for (Column column : columns.columns()) {
            items.addObject()
                    .put("name", column.name())
                    .put("type", column.type().duckdb())
                    .put("native_type", column.nativeType() + " (inferred from the first documents)")
                    .put("nullable", true)
                    .put("primary_key", column.primaryKey())
                    .put("watermark_candidate", column.watermarkCandidate());
        }
        MongoIndexes.write(collection, patience, answer.putArray("indexes"));
        return answer;
    }
}
