package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import org.bson.Document;

/** Which indexes does a collection have, and which of them allow no two documents with the same values? */
final class MongoIndexes {
    /** A view has none; not every user that may read documents may list indexes. */
    private static final Set<Integer> NONE = Set.of(13, 166);

    private MongoIndexes() {}

    static void write(MongoCollection<Document> collection, long patience, ArrayNode target) {
        List<Document> indexes = new ArrayList<>();
        try {
            collection.listIndexes().maxTime(patience, TimeUnit.MILLISECONDS).into(indexes);
        } catch (MongoCommandException e) {
            if (!NONE.contains(e.getErrorCode())) {
                throw e;
            }
        }
        indexes.forEach(index -> write(index, target.addObject()));
    }

    private static void write(Document index, ObjectNode target) {
        Document key = index.get("key", new Document());
        // One of texts has its fields elsewhere; the server's names for itself stand in their place.
        boolean texts = key.containsKey("_fts");
        Document fields = texts ? index.get("weights", new Document()) : key;
        boolean id = key.size() == 1 && key.containsKey("_id") && "_id_".equals(index.getString("name"));
        boolean whole = !index.containsKey("partialFilterExpression") && !Boolean.TRUE.equals(index.get("sparse"));
        target.put("name", index.getString("name"));
        fields.keySet().forEach(target.putArray("columns")::add);
        target.put("unique", id || (whole && Boolean.TRUE.equals(index.get("unique"))));
    }
}
