package dev.serai.connector.rest;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.OngoingCall;
import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/** What the Kamelet {@code api-rest} asks its bean for: the endpoints of an API as models. */
public final class RestSource implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration NO_END = Duration.ofDays(7);
    private static final int DEFAULT_LIMIT = 1_000;

    private final RestSettings settings;
    private final EgressPolicy egress;
    private final RestCalls calls;

    /** Dials nobody. */
    public RestSource(Map<String, Object> config, EgressPolicy egress) {
        this.settings = RestSettings.of(config);
        this.egress = egress;
        this.calls = new RestCalls(settings, egress, Clock.systemUTC());
    }

    /** Tries the way to the API step by step. */
    public TestResult test() {
        return new RestProbe(settings, egress, calls).run();
    }

    /** {@code {search, limit, cursor}} → {@code {items, next_cursor}}; asks nobody. */
    public ObjectNode models(Map<String, Object> request) {
        JsonNode asked = JSON.valueToTree(request);
        String part = asked.path("search").asText("").toLowerCase(Locale.ROOT);
        String after = asked.path("cursor").asText("");
        int limit = asked.path("limit").asInt(Integer.MAX_VALUE);
        List<String> found = settings.all().stream()
                .map(RestEndpoint::name)
                .filter(name -> name.toLowerCase(Locale.ROOT).contains(part) && name.compareTo(after) > 0)
                .sorted()
                .toList();
        List<String> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        page.forEach(name -> items.addObject().put("name", name).put("kind", "endpoint"));
        answer.put("next_cursor", page.size() < found.size() ? page.get(page.size() - 1) : null);
        return answer;
    }

    /** {@code {model: {name} | query, columns, window, limit}} → rows as they come. */
    public RowSource read(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        List<String> columns = new ArrayList<>();
        request.path("columns").forEach(column -> columns.add(column.asText()));
        long limit = request.path("limit").asLong(Long.MAX_VALUE);
        if (request.hasNonNull("filter")) {
            throw new FailureException(Failure.Invalid.of(
                    "/filter", "is not offered by this type; give the endpoint a query parameter instead"));
        }
        if (request.hasNonNull("query")) {
            RestQuestion question = RestQuestion.of(request.path("query"), settings);
            return rows(question.endpoint(), columns, null, limit, NO_END);
        }
        JsonNode name = request.at("/model/name");
        if (!name.isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        RestEndpoint endpoint = settings.endpoint(name.asText())
                .orElseThrow(
                        () -> new FailureException(new Failure.Missing("The connector has no endpoint of that name.")));
        Watermark watermark = endpoint.watermark();
        @Nullable
        String since = watermark == null
                ? null
                : watermark.value(request.path("window")).orElse(null);
        return rows(endpoint, columns, since, limit, NO_END);
    }

    /** {@code {query, limit}} → rows. */
    public RowSource query(Map<String, Object> body) {
        JsonNode request = JSON.valueToTree(body);
        if (!request.path("params").isMissingNode()
                && !request.path("params").isNull()
                && !request.path("params").isEmpty()) {
            throw new FailureException(Failure.Invalid.of("/params", "must stand in the query, which is JSON"));
        }
        RestQuestion question = RestQuestion.of(request.path("query"), settings);
        Duration time = settings.terms().readTimeout();
        return rows(question.endpoint(), List.of(), null, request.path("limit").asLong(DEFAULT_LIMIT), time);
    }

    private RowSource rows(
            RestEndpoint endpoint, List<String> columns, @Nullable String since, long limit, Duration time) {
        if (limit == 0) {
            return new TextSource(TextSource.Format.NDJSON, null);
        }
        RestStop stop = new RestStop();
        RestPages pages = new RestPages(settings, calls, endpoint, since);
        RestText text = new RestText(calls, pages, endpoint, columns, stop, limit, System.nanoTime() + time.toNanos());
        try (Cancellation.Registration aborted =
                OngoingCall.current().map(call -> call.onAbort(text::close)).orElse(() -> {})) {
            TextSource.Format format = text.open();
            boolean keyed = columns.isEmpty() || columns.containsAll(endpoint.key());
            return new TextSource(format, text, null, keyed ? endpoint.key() : List.of());
        }
    }

    @Override
    public void close() {
        calls.close();
    }
}
