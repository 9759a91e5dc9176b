package dev.serai.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;

/** A type without any Java: one Kamelet over HTTP, dropped into the folder. */
class HttpKameletContractTest extends ConnectorContract {
    private static final String TYPE = "tables";
    private static final String NO_QUERIES = "the API has no language to ask queries in";

    private final TableServer server = new TableServer();

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Map<String, String> kamelets() {
        try (InputStream text =
                Objects.requireNonNull(getClass().getResourceAsStream("/contract/" + TYPE + ".kamelet.yaml"))) {
            return Map.of(TYPE, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<Capability, String> lacks() {
        Map<Capability, String> lacks = new EnumMap<>(Capability.class);
        lacks.put(Capability.SCHEMA, "the API tells no schema, so a model without rows has no columns");
        lacks.put(Capability.READ_COLUMNS, "the API always gives whole rows");
        lacks.put(Capability.READ_EMPTY, "JSON tells its columns only by its rows");
        lacks.put(Capability.READ_QUERY, NO_QUERIES);
        for (Capability capability : Capability.values()) {
            if ("query".equals(capability.operation())) {
                lacks.put(capability, NO_QUERIES);
            }
        }
        lacks.put(Capability.CLOSING, "all connectors share one pool of HTTP connections, which outlives each of them");
        return lacks;
    }

    @Override
    public ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("base_url", server.url())
                .put("token", TableServer.TOKEN);
    }

    @Override
    public Broken broken() {
        return new Broken(JsonNodeFactory.instance.objectNode().put("token", "wrong"), "authenticate");
    }

    @Override
    public void create(Table table) {
        server.add(table);
    }

    @Override
    public Model model(Table table) {
        return new Model("shop", table.name());
    }

    /** There is none; something that the source would have to understand. */
    @Override
    public String query(Query query) {
        return query.name();
    }

    @Override
    public ObjectNode slow() {
        return request(new Model("shop", TableServer.SLOW));
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
