package dev.serai.contract;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;

import dev.serai.testing.Mongo;

class MongoContractTest extends ConnectorContract {
    private final Mongo mongo = new Mongo();

    MongoContractTest() {
        mongo.putSlow();
    }

    @AfterAll
    void stop() {
        mongo.close();
    }

    @Override
    public String type() {
        return "mongodb";
    }

    @Override
    public ObjectNode config() {
        return mongo.config();
    }

    /** Where nobody listens; the double knows no logins. */
    @Override
    public Broken broken() {
        return new Broken(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("port", 1)
                        .put("connect_timeout", 1)
                        .put("username", "reader")
                        .put("password", "secret"),
                "connect");
    }

    @Override
    public Map<Capability, String> lacks() {
        Map<Capability, String> lacks = new EnumMap<>(Capability.class);
        lacks.put(Capability.SCHEMA, "a collection has no schema, so one without documents has no columns");
        lacks.put(Capability.QUERY_EMPTY, "documents tell their fields, and there are none");
        lacks.put(Capability.QUERY_PARAMETERS, "values stand in the query, which is JSON and no text to inject into");
        lacks.put(Capability.QUERY_DUPLICATE_NAMES, "a document has no two fields of one name");
        lacks.put(Capability.QUERY_POSITION, "the server takes a collection that is missing for an empty one");
        return lacks;
    }

    @Override
    public void create(Table table) {
        List<Document> documents = new ArrayList<>();
        for (List<Object> row : table.rows()) {
            Document document = new Document("_id", row.get(0));
            for (int i = 0; i < row.size(); i++) {
                document.append(table.columns().get(i), row.get(i));
            }
            documents.add(document);
        }
        mongo.put(table.name(), documents);
    }

    /** The tables have no {@code _id}; a dataset leaves it out by naming its columns. */
    @Override
    public ObjectNode request(Table table) {
        ObjectNode request = request(model(table));
        table.columns().forEach(request.putArray("columns")::add);
        return request;
    }

    @Override
    public Model model(Table table) {
        return new Model("shop", table.name());
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case ODD -> "{collection: 'odd', projection: {_id: 0}, sort: {id: 1}}";
            case MANY -> "{\"collection\": \"many\", \"pipeline\": [{\"$project\": {\"_id\": 0}}]}";
            case EMPTY -> "{collection: 'empty'}";
            case BY_ID_AND_NAME -> "{collection: 'many', filter: {id: '?', name: '?'}}";
            case DUPLICATE_NAMES -> "{a: 1, a: 2}";
            case DELETE -> "{collection: 'odd', pipeline: [{$match: {}}, {$out: 'many'}]}";
            case MISSING -> "{collection: 'no_such_model'}";
            case SLOW -> "{collection: 'slow'}";
        };
    }

    @Override
    public ObjectNode slow() {
        return request(new Model("shop", Mongo.SLOW));
    }

    @Override
    public int running() {
        return mongo.openCursors();
    }

    @Override
    public int connections() {
        return mongo.connections();
    }
}
