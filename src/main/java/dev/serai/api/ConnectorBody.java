package dev.serai.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.connector.Schedule;
import dev.serai.failure.Fault;

/** Reads a connector that is asked for; of a body that does not fit, whatever of it can be read. */
@Component
class ConnectorBody implements BodyCheck {
    private final Connectors connectors;

    ConnectorBody(Connectors connectors) {
        this.connectors = connectors;
    }

    static NewConnector connector(ObjectNode body) {
        return new NewConnector(
                body.path("name").asText(),
                body.path("type").asText(),
                text(body, "description"),
                body.path("config") instanceof ObjectNode config ? config : body.objectNode(),
                texts(body.path("output_schemas")),
                body.path("enabled").asBoolean(true));
    }

    static Schedule schedule(ObjectNode body) {
        return new Schedule(
                text(body, "schedule_cron"),
                text(body, "schedule_mode"),
                text(body, "schedule_timezone"),
                text(body, "watermark_column"));
    }

    @Override
    public Set<String> operations() {
        return Set.of("createConnector", "bootstrapConnector", "testUnsavedConnector");
    }

    /** The name of a test's config is nobody's concern, but then it is absent there and no fault of its own. */
    @Override
    public List<Fault> faults(ObjectNode body) {
        boolean named = body.has("name") || body.has("enabled") || body.has("schedule_cron");
        return connectors.faults(connector(body), schedule(body)).stream()
                .filter(fault -> named || !fault.pointer().equals("/name"))
                .toList();
    }

    private static @Nullable String text(ObjectNode body, String field) {
        return body.path(field).textValue();
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> {
            if (item.isTextual()) {
                texts.add(item.textValue());
            }
        });
        return texts;
    }
}
