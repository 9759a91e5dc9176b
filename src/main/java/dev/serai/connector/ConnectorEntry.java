package dev.serai.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.converter.stream.CachedOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Operations;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.Cancellation;
import dev.serai.rows.RowText;
import dev.serai.rows.SpillFolder;
import dev.serai.settings.SeraiSettings;

/**
 * How does a user's route call a connector? With the headers {@code connector} (its slug), {@code operation} and, where
 * it is another than {@code default}, {@code project}; with the request as body: a Map, JSON text, or none.
 *
 * <p>The body becomes a Map or List; for rows NDJSON text that Camel keeps, in a file where it is large, as long as the
 * exchange lasts.
 */
@Component
class ConnectorEntry implements Processor {
    private static final String CONNECTOR = "connector";
    private static final String PROJECT = "project";
    private static final String DEFAULT_PROJECT = "default";
    private static final int PREVIEW_ROWS = 100;
    private static final Set<String> ROWS = Set.of(Operations.READ, Operations.QUERY);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final ConnectorStore store;
    private final ConnectorCalls calls;
    private final SpillFolder spool;
    private final SeraiSettings settings;

    ConnectorEntry(ConnectorStore store, ConnectorCalls calls, SpillFolder spool, SeraiSettings settings) {
        this.spool = spool;
        this.store = store;
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        String slug = header(message, CONNECTOR);
        String operation = header(message, RouteCall.OPERATION);
        String project = message.getHeader(PROJECT, DEFAULT_PROJECT, String.class);
        ObjectNode request = request(message);
        Connector connector = OngoingCall.unbroken(() -> store.findBySlug(project, slug))
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no connector " + slug + ".")));
        if (!connector.enabled()) {
            throw new FailureException(
                    new Failure.Conflict("connector_disabled", "The connector " + slug + " is disabled."));
        }
        message.removeHeader(Exchange.CONTENT_TYPE);
        message.setBody(answer(exchange, connector, operation, request));
    }

    private Object answer(Exchange exchange, Connector connector, String operation, ObjectNode request)
            throws IOException {
        if (operation.equals(Operations.TEST)) {
            return JSON.convertValue(calls.test(connector), Map.class);
        } else if (operation.equals(Operations.PREVIEW)) {
            ObjectNode preview = request.has("limit") ? request : request.put("limit", PREVIEW_ROWS);
            return rows(exchange, connector, Operations.READ, preview, CallLimit.answer());
        } else if (ROWS.contains(operation)) {
            boolean bulk = operation.equals(Operations.READ) && !request.has("limit");
            return rows(exchange, connector, operation, request, bulk ? bulkLimit() : CallLimit.answer());
        }
        return JSON.convertValue(calls.json(connector, operation, request), Object.class);
    }

    /** As long as a sync of the same rows might take. */
    private CallLimit bulkLimit() {
        return CallLimit.within(settings.sync().timeout(), new Cancellation());
    }

    private Object rows(Exchange exchange, Connector connector, String operation, ObjectNode request, CallLimit limit)
            throws IOException {
        CachedOutputStream kept = new CachedOutputStream(exchange);
        try (InputStream rows = RowText.ndjson(calls.rows(connector, operation, request, limit), spool);
                OutputStream keeping = kept) {
            rows.transferTo(keeping);
        }
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-ndjson");
        return kept.newStreamCache();
    }

    private static String header(Message message, String name) {
        String value = message.getHeader(name, String.class);
        if (value == null || value.isBlank()) {
            throw invalid("The header " + name + " is missing.");
        }
        return value;
    }

    private static ObjectNode request(Message message) {
        JsonNode request = body(message);
        if (request == null || request.isMissingNode() || request.isNull()) {
            return JSON.createObjectNode();
        } else if (request instanceof ObjectNode object) {
            return object;
        }
        throw invalid("The body has to be a JSON object.");
    }

    private static @Nullable JsonNode body(Message message) {
        Object body = message.getBody();
        if (body == null || body instanceof JsonNode || body instanceof Map<?, ?>) {
            return JSON.valueToTree(body);
        }
        String text = message.getBody(String.class);
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid("The body has to be a JSON object.");
        }
    }

    private static FailureException invalid(String detail) {
        return new FailureException(new Failure.Invalid("invalid", detail, List.of(new Fault("", detail))));
    }
}
