package dev.serai.contract;

import java.util.EnumMap;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;

class ApiRestContractTest extends ConnectorContract {
    private final TableServer server = new TableServer();

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    public String type() {
        return "api_rest";
    }

    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance
                .objectNode()
                .put("base_url", server.url())
                .put("auth", "bearer")
                .put("token", TableServer.TOKEN)
                .put("test_path", "/me");
        ArrayNode endpoints = config.putArray("endpoints");
        Table.ALL.forEach(table -> endpoint(endpoints.addObject(), table.name()));
        endpoint(endpoints.addObject(), TableServer.SLOW);
        return config;
    }

    private static void endpoint(ObjectNode endpoint, String name) {
        endpoint.put("name", name).put("path", "/tables/" + name).put("records", "$.items[*]");
        endpoint.putObject("pagination")
                .put("type", "cursor")
                .put("param", "page")
                .put("cursor", "$.next");
    }

    @Override
    public Broken broken() {
        return new Broken(JsonNodeFactory.instance.objectNode().put("token", "wrong"), "authenticate");
    }

    @Override
    public Map<Capability, String> lacks() {
        Map<Capability, String> lacks = new EnumMap<>(Capability.class);
        lacks.put(Capability.SCHEMA, "an API tells no schema, so an endpoint without records has no columns");
        lacks.put(Capability.READ_EMPTY, "records tell their fields, and there are none");
        lacks.put(Capability.QUERY_EMPTY, "records tell their fields, and there are none");
        lacks.put(Capability.QUERY_PARAMETERS, "values stand in the query, which is JSON and no text to inject into");
        lacks.put(Capability.QUERY_DUPLICATE_NAMES, "an object has no two fields of one name");
        lacks.put(Capability.QUERY_POSITION, "a query names an endpoint, and no place in a text");
        lacks.put(Capability.CLOSING, "the server of the double does not tell when a connection has ended");
        return lacks;
    }

    @Override
    public void create(Table table) {
        server.add(table);
    }

    @Override
    public Model model(Table table) {
        return new Model("", table.name());
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case ODD -> "{\"path\": \"/tables/odd\", \"records\": \"/items\"}";
            case MANY -> "{\"endpoint\": \"many\"}";
            case EMPTY -> "{\"endpoint\": \"empty\"}";
            case BY_ID_AND_NAME -> "{\"endpoint\": \"many\", \"params\": {\"id\": \"?\", \"name\": \"?\"}}";
            case DUPLICATE_NAMES -> "{\"endpoint\": \"a\"}";
            case DELETE -> "{\"path\": \"/tables/many\", \"method\": \"DELETE\"}";
            case MISSING -> "{\"endpoint\": \"no_such_model\"}";
            case SLOW -> "{\"endpoint\": \"slow\"}";
        };
    }

    @Override
    public ObjectNode slow() {
        return request(new Model("", TableServer.SLOW));
    }

    @Override
    public int running() {
        return server.waiting();
    }

    @Override
    public int connections() {
        return server.connections();
    }
}
