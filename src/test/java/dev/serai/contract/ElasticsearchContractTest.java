package dev.serai.contract;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.testing.Elasticsearch;

class ElasticsearchContractTest extends ConnectorContract {
    private final Elasticsearch server = Elasticsearch.shared();

    ElasticsearchContractTest() {
        server.index("slow_contract", "{}");
        server.put("slow_contract", Map.of("1", "{\"id\": 1}"));
    }

    @Override
    public String type() {
        return "elasticsearch";
    }

    @Override
    public ObjectNode config() {
        return server.config();
    }

    /** Where nobody listens. */
    @Override
    public Broken broken() {
        return new Broken(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("base_url", "http://127.0.0.1:1")
                        .put("username", "reader")
                        .put("password", "secret")
                        .put("connect_timeout", 1),
                "connect");
    }

    @Override
    public Map<Capability, String> lacks() {
        Map<Capability, String> lacks = new EnumMap<>(Capability.class);
        lacks.put(Capability.SCHEMA, "before the fields stands the _id of each document, which is its key");
        lacks.put(Capability.QUERY_PARAMETERS, "values stand in the query, which is JSON and no text to inject into");
        lacks.put(Capability.QUERY_DUPLICATE_NAMES, "a document has no two fields of one name");
        return lacks;
    }

    @Override
    public void create(Table table) {
        StringBuilder mapping = new StringBuilder();
        for (String column : table.columns()) {
            mapping.append(mapping.isEmpty() ? "" : ",")
                    .append('"')
                    .append(column)
                    .append(column.equals("id") ? "\": {\"type\": \"long\"}" : "\": {\"type\": \"text\"}");
        }
        server.index(index(table), "{\"properties\": {" + mapping + "}}");
        Map<String, Map<String, Object>> documents = new LinkedHashMap<>();
        for (List<Object> row : table.rows()) {
            Map<String, Object> document = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                document.put(table.columns().get(i), row.get(i));
            }
            documents.put(String.valueOf(row.get(0)), document);
        }
        server.put(index(table), documents);
    }

    private static String index(Table table) {
        return "contract_" + table.name();
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
        return new Model("", index(table));
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case ODD -> "{\"index\": \"contract_odd\", \"columns\": [\"id\", \"first\", \"second\"]}";
            case MANY -> "{\"index\": \"contract_many\", \"columns\": [\"id\", \"name\"], \"sort\": [\"id\"]}";
            case EMPTY -> "{\"index\": \"contract_empty\", \"columns\": [\"id\", \"name\"]}";
            case BY_ID_AND_NAME ->
                "{\"index\": \"contract_many\", \"query\": {\"bool\": {\"must\": [{\"term\": {\"id\": \"?\"}}]}}}";
            case DUPLICATE_NAMES -> "{\"index\": \"contract_many\", \"columns\": [\"a\", \"a\"]}";
            case DELETE -> "{\"index\": \"contract_many\", \"delete_by_query\": {\"match_all\": {}}}";
            case MISSING -> "{\"index\": \"no_such_model\"}";
            case SLOW -> "{\"index\": \"slow_contract\"}";
        };
    }

    @Override
    public ObjectNode slow() {
        return request(new Model("", "slow_contract"));
    }

    @Override
    public int running() {
        return server.searches() + server.openReads();
    }

    @Override
    public int connections() {
        return server.connections();
    }
}
