package dev.serai.connector;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Operations;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.rows.RowSource;

/**
 * What a connector has to offer: its models, their columns, their first rows. The models are kept until somebody asks
 * for a refresh or the connector changes; {@code output_schemas} binds all of it, for every type.
 */
@Component
public class Discovery {
    /** A model that is not among those kept may be new: the source is asked again, but not more often than this. */
    private static final Duration ASKED_JUST_NOW = Duration.ofSeconds(10);

    private static final int PAGE = 1_000;

    /** All of a source's models are held while they are asked for. */
    private static final int MOST = 100_000;

    private static final int MAX_ID = 2_000;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_KIND = 40;
    private static final Logger log = LoggerFactory.getLogger(Discovery.class);

    private final Connectors connectors;
    private final ConnectorCalls calls;
    private final ModelCache cache;
    private final Clock clock;

    Discovery(Connectors connectors, ConnectorCalls calls, ModelCache cache, Clock clock) {
        this.connectors = connectors;
        this.calls = calls;
        this.cache = cache;
        this.clock = clock;
    }

    /** Sorted by id. Asks the source where nothing is kept yet, or to refresh the first page. */
    public Page<Model> models(String project, String connectorId, ModelFilter filter) {
        return models(project, connectorId, filter, CallLimit.answer());
    }

    /** The same, that can be stopped. */
    public Page<Model> models(String project, String connectorId, ModelFilter filter, CallLimit limit) {
        Connector connector = connectors.get(project, connectorId);
        String after = Cursor.after(filter.cursor());
        if ((filter.refresh() && after.isEmpty())
                || cache.discoveredAt(connector).isEmpty()) {
            refresh(connector, limit);
        }
        return cache.page(connector, filter, after);
    }

    /** @param idOrName a model's id, or {@code schema.name} where only one model is called that */
    public ModelDetail model(String project, String connectorId, String idOrName) {
        return model(project, connectorId, idOrName, CallLimit.answer());
    }

    /** The same, that can be stopped. */
    public ModelDetail model(String project, String connectorId, String idOrName, CallLimit limit) {
        Connector connector = connectors.get(project, connectorId);
        Model model = find(connector, idOrName, limit);
        JsonNode answer = calls.json(connector, Operations.SCHEMA, request(model), limit);
        return new ModelDetail(model, ModelColumns.of(answer), ModelIndex.of(answer));
    }

    /** The first rows, at most {@code limit} where the source can be told so. The caller closes them. */
    public RowSource preview(String project, String connectorId, String idOrName, int limit) {
        return preview(project, connectorId, idOrName, limit, CallLimit.answer());
    }

    /** The same, that can be stopped. */
    public RowSource preview(String project, String connectorId, String idOrName, int limit, CallLimit time) {
        Connector connector = connectors.get(project, connectorId);
        ObjectNode request = request(find(connector, idOrName, time));
        return calls.rows(connector, Operations.READ, request.put("limit", limit), time);
    }

    private Model find(Connector connector, String idOrName, CallLimit limit) {
        boolean fresh = cache.discoveredAt(connector)
                .map(at -> at.plus(ASKED_JUST_NOW).isAfter(clock.instant()))
                .orElse(false);
        List<Model> found = cache.named(connector, idOrName);
        if (found.isEmpty() && !fresh) {
            refresh(connector, limit);
            found = cache.named(connector, idOrName);
        }
        if (found.isEmpty()) {
            throw new FailureException(new Failure.Missing("The connector has no such model."));
        }
        if (found.size() > 1) {
            String ids = found.stream().map(Model::id).collect(Collectors.joining(", "));
            throw new FailureException(
                    new Failure.Conflict("ambiguous_model", "Several models have that name; use an id: " + ids));
        }
        return found.get(0);
    }

    private void refresh(Connector connector, CallLimit limit) {
        if (cache.replace(connector, ask(connector, limit))) {
            return;
        }
        // What was asked for is not what the connector may offer now.
        Connector changed = connectors.get(connector.project(), connector.id());
        if (!cache.replace(changed, ask(changed, limit))) {
            throw new FailureException(new Failure.Conflict(
                    "connector_changed", "The connector was changed while its models were looked up."));
        }
    }

    private List<Model> ask(Connector connector, CallLimit limit) {
        Map<String, Model> models = new LinkedHashMap<>();
        Set<String> cursors = new HashSet<>();
        ObjectNode request = Json.newObject();
        connector.outputSchemas().forEach(request.putArray("schemas")::add);
        request.put("limit", PAGE);
        String cursor;
        do {
            JsonNode answer = calls.json(connector, Operations.MODELS, request, limit);
            JsonNode items = answer.isArray() ? answer : answer.path("items");
            for (JsonNode item : items) {
                Model model = model(item);
                if (models.size() >= MOST) {
                    throw tooMany();
                } else if (isKept(model)) {
                    models.putIfAbsent(model.id(), model);
                } else {
                    log.warn("{} has a model whose name cannot be kept: {}", connector.id(), model.id());
                }
            }
            cursor = answer.path("next_cursor").asText("");
            request.put("cursor", cursor);
        } while (isNext(cursor, cursors));
        return within(connector.outputSchemas(), models.values());
    }

    private static FailureException tooMany() {
        return new FailureException(new Failure.Invalid(
                "too_many_models",
                "The source has more than " + MOST + " models. Choose fewer schemas with output_schemas.",
                List.of()));
    }

    private static boolean isNext(String cursor, Set<String> cursors) {
        if (cursor.isEmpty()) {
            return false;
        }
        if (!cursors.add(cursor)) {
            throw broken("endless_paging", "The source answers with the same page of models again and again.");
        }
        return true;
    }

    private static List<Model> within(List<String> schemas, Collection<Model> models) {
        return models.stream()
                .filter(model -> schemas.isEmpty() || schemas.contains(model.schema() == null ? "" : model.schema()))
                .toList();
    }

    private static Model model(JsonNode item) {
        String name = item.path("name").asText("");
        if (name.isEmpty()) {
            throw broken("bad_answer", "The source has models without a name.");
        }
        JsonNode schemaNode = item.path("schema");
        String schema = schemaNode.isTextual() && !schemaNode.textValue().isEmpty() ? schemaNode.textValue() : null;
        JsonNode estimate = item.path("row_estimate");
        return new Model(
                ModelIds.of(schema, name),
                name,
                schema,
                kind(item.path("kind").asText("table")),
                estimate.isNumber() && estimate.longValue() >= 0 ? estimate.longValue() : null);
    }

    private static String kind(String told) {
        String kind = Texts.storable(told);
        return kind.substring(0, Math.min(kind.length(), MAX_KIND));
    }

    private static boolean isKept(Model model) {
        String schema = model.schema() == null ? "" : model.schema();
        return model.id().length() <= MAX_ID
                && model.name().length() <= MAX_NAME
                && schema.length() <= MAX_NAME
                && Texts.isStorable(schema + model.name());
    }

    private static ObjectNode request(Model model) {
        ObjectNode request = Json.newObject();
        request.putObject("model").put("schema", model.schema()).put("name", model.name());
        return request;
    }

    private static FailureException broken(String code, String detail) {
        return new FailureException(new Failure.Source(Failure.Layer.READ, code, detail, false));
    }
}
