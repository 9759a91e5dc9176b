package dev.serai.connector;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Operations;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.RowColumns;
import dev.serai.rows.RowSource;
import dev.serai.rows.SpillFolder;

/**
 * Calls one operation of a connector: starts its route if need be, sends one exchange, reads the answer as what the
 * operation promises. A failure comes as a {@link dev.serai.failure.FailureException}.
 *
 * <p>What a route gets: the header {@code operation}; as body the request, a {@code java.util.Map} of JSON values, which
 * simple ({@code ${body[limit]}}), jsonpath and bean parameters all read; the variables {@code request} (the same, for
 * after the body has changed) and {@code config}; the local bean {@code config}; and the header {@code page} when it asked
 * for a further call by answering with the header {@code next}.
 *
 * <p>What it may answer: JSON as a tree, Map, List, record, text or stream; for rows also a {@link RowSource}, NDJSON or
 * CSV. An exception that is a {@link FailureException} is told as it is.
 */
@Component
public class ConnectorCalls {
    private static final Duration TEST_LIMIT = Duration.ofSeconds(15);
    private static final int SAMPLE_ROWS = 100;

    private final Catalog catalog;
    private final ConnectorRoutes routes;
    private final ConnectorTester tester;
    private final SpillFolder spool;

    public ConnectorCalls(Catalog catalog, ConnectorRoutes routes, EgressPolicy egress, SpillFolder spool) {
        this.spool = spool;
        this.catalog = catalog;
        this.routes = routes;
        this.tester = new ConnectorTester(egress, TEST_LIMIT);
    }

    /**
     * An operation that answers with JSON: {@code models}, {@code schema}, an action. A {@code schema} that the type
     * does not answer is found from the first rows of {@code read}.
     */
    public JsonNode json(Connector connector, String operation, ObjectNode request) {
        return json(connector, operation, request, CallLimit.answer());
    }

    /** The same, that can be stopped. */
    public JsonNode json(Connector connector, String operation, ObjectNode request, CallLimit limit) {
        requireEnabled(connector);
        ConnectorType type = type(connector.type());
        if (operation.equals(Operations.SCHEMA) && !offers(type, Operations.SCHEMA) && offers(type, Operations.READ)) {
            return inferredSchema(connector, request, limit);
        }
        require(type, operation);
        return called(connector, lease -> asked(lease, operation, request, limit, JsonAnswer::of, late -> {}));
    }

    /** An operation that answers with rows: {@code read}, {@code query}. The caller closes them. */
    public RowSource rows(Connector connector, String operation, ObjectNode request) {
        return rows(connector, operation, request, CallLimit.answer());
    }

    /** The same, that can be stopped, also while it has given no rows yet. */
    public RowSource rows(Connector connector, String operation, ObjectNode request, CallLimit limit) {
        requireEnabled(connector);
        require(type(connector.type()), operation);
        ObjectNode bound = bound(connector, request);
        return called(
                connector,
                lease -> asked(
                        lease, operation, bound, limit, pages -> RowsAnswer.of(pages, request), RowSource::close));
    }

    /** A query may name other models, which a type that understands it then knows not to read. */
    private static ObjectNode bound(Connector connector, ObjectNode request) {
        boolean asksInWords = request.hasNonNull("query") || request.hasNonNull("sql");
        if (connector.outputSchemas().isEmpty() || (request.has("model") && !asksInWords)) {
            return request;
        }
        ObjectNode bound = request.deepCopy();
        connector.outputSchemas().forEach(bound.putArray("schemas")::add);
        return bound;
    }

    /** Once more where the source refused a secret that a reference led to and that is another by now. */
    private <T> T called(Connector connector, Function<RouteLease, T> call) {
        RouteLease lease = leased(connector);
        try {
            return call.apply(lease);
        } catch (FailureException e) {
            boolean refused =
                    e.failure() instanceof Failure.Source source && source.layer() == Failure.Layer.AUTHENTICATE;
            if (!refused || !OngoingCall.unbroken(() -> routes.outdatedByReferences(connector, lease.route()))) {
                throw e;
            }
        }
        return call.apply(leased(connector));
    }

    /** A test of a saved connector, also of a disabled one: who is about to enable it wants to know. */
    public TestResult test(Connector connector) {
        return tester.test(() -> routes.leaseFresh(connector));
    }

    /** A test of a config that is not saved, in a route of its own that is gone afterwards. */
    public TestResult test(String type, ObjectNode config) {
        return tester.test(() -> routes.temporary(type, config));
    }

    private RouteLease leased(Connector connector) {
        return OngoingCall.unbroken(() -> routes.lease(connector));
    }

    /** Calls the route and reads as much of its answer as there has to be for a result, which may be its first page. */
    private static <T> T asked(
            RouteLease lease,
            String operation,
            ObjectNode request,
            CallLimit limit,
            Function<Pages, T> reading,
            Consumer<T> unwanted) {
        CallTimes times = CallTimes.of(lease.route().config());
        OngoingCall call = new OngoingCall(times);
        return call.await(
                limit.time(times),
                limit.cancellation(),
                limit.left(),
                () -> {
                    Pages pages = new Pages(lease, operation, request, limit);
                    try (Cancellation.Registration stopped = call.onAbort(pages::close)) {
                        return reading.apply(pages);
                    }
                },
                late -> {
                    if (late != null) {
                        unwanted.accept(late);
                    }
                });
    }

    private JsonNode inferredSchema(Connector connector, ObjectNode request, CallLimit limit) {
        ObjectNode sample = request.deepCopy().put("limit", SAMPLE_ROWS);
        List<Column> found = RowColumns.of(rows(connector, Operations.READ, sample, limit), spool);
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode columns = schema.putArray("columns");
        for (Column column : found) {
            columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type().duckdb())
                    .put("native_type", column.nativeType())
                    .put("nullable", column.nullable())
                    .put("primary_key", column.primaryKey())
                    .put("watermark_candidate", column.watermarkCandidate());
        }
        return schema;
    }

    private ConnectorType type(String name) {
        return catalog.find(name)
                .orElseThrow(() -> new FailureException(new Failure.Conflict(
                        "type_missing", "The connector's type " + name + " is not in the catalog any more.")));
    }

    private static void requireEnabled(Connector connector) {
        if (!connector.enabled()) {
            throw new FailureException(new Failure.Conflict("connector_disabled", "The connector is disabled."));
        }
    }

    private static boolean offers(ConnectorType type, String operation) {
        return type.capabilities().contains(operation)
                || type.actions().stream().anyMatch(action -> action.name().equals(operation));
    }

    private static void require(ConnectorType type, String operation) {
        if (!offers(type, operation)) {
            String detail = "Connectors of type " + type.type() + " do not offer " + operation + ".";
            throw new FailureException(new Failure.Invalid("not_supported", detail, List.of(new Fault("", detail))));
        }
    }
}
