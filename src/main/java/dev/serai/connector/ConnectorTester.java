package dev.serai.connector;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Operations;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/**
 * Can a connector do its work now?
 *
 * <p>A type with beans tells its own steps. For one without, the way to its URL is walked first, then its route is asked.
 */
final class ConnectorTester {
    private final Duration limit;
    private final SourceProbe probe;

    ConnectorTester(EgressPolicy egress, Duration limit) {
        this.probe = new SourceProbe(egress);
        this.limit = limit;
    }

    /** Always a result, whatever happens on the way to the source. */
    TestResult test(Supplier<RouteLease> leases) {
        TestSteps steps = new TestSteps();
        try {
            return new OngoingCall(CallTimes.DEFAULT)
                    .await(limit, new Cancellation(), () -> false, () -> test(leases, steps), late -> {});
        } catch (FailureException e) {
            if (e.failure() instanceof Failure.Source || e.failure() instanceof Failure.TimedOut) {
                return steps.failed(e);
            }
            throw e;
        }
    }

    private TestResult test(Supplier<RouteLease> leases, TestSteps steps) {
        try (RouteLease lease = OngoingCall.unbroken(leases)) {
            RunningRoute route = lease.route();
            if (!route.type().kamelet().hasBeans()) {
                url(route)
                        .ifPresent(url ->
                                probe.walk(url, CallTimes.of(route.config()).connect(), steps));
            }
            Optional<String> operation = operation(route.type().capabilities());
            if (operation.isEmpty()) {
                return steps.succeeded();
            }
            return steps.walk(Failure.Layer.READ, () -> ask(route, operation.get()))
                    .orElseGet(steps::succeeded);
        }
    }

    private static Optional<String> operation(Set<String> capabilities) {
        return List.of(Operations.TEST, Operations.MODELS).stream()
                .filter(capabilities::contains)
                .findFirst();
    }

    /** The result that the route told itself, if it did. */
    private Optional<TestResult> ask(RunningRoute route, String operation) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        if (operation.equals(Operations.MODELS)) {
            request.put("limit", 1);
        }
        try (RouteCall call = RouteCall.send(route, operation, request, null, limit, new Cancellation())) {
            if (call.body() instanceof TestResult result) {
                return Optional.of(result);
            }
            return operation.equals(Operations.TEST) ? told(call) : Optional.empty();
        }
    }

    private static Optional<TestResult> told(RouteCall call) {
        JsonNode answer = JsonAnswer.lenient(call);
        JsonNode told = answer.isArray() ? answer : answer.path("steps");
        if (!told.isArray() || told.isEmpty() || !told.path(0).has("name")) {
            return Optional.empty();
        }
        List<TestResult.Step> steps = new ArrayList<>();
        TestResult.Step bad = null;
        long latency = 0;
        for (JsonNode one : told) {
            boolean ok = one.path("ok").asBoolean(false);
            String error = ok ? null : one.path("error").asText("This step failed.");
            TestResult.Step step = new TestResult.Step(
                    one.path("name").asText(), ok, one.path("latency_ms").asLong(), error);
            steps.add(step);
            latency += step.latencyMs();
            bad = bad == null && !ok ? step : bad;
        }
        latency = answer.path("latency_ms").asLong(latency);
        if (bad == null) {
            return Optional.of(new TestResult(true, latency, null, null, List.copyOf(steps)));
        }
        String category = answer.path("category").asText(bad.name());
        return Optional.of(new TestResult(false, latency, bad.error(), category, List.copyOf(steps)));
    }

    /** The URL that the type's config says the source is at. */
    private static Optional<URI> url(RunningRoute route) {
        ConnectorType type = route.type();
        for (var property : type.configSchema().path("properties").properties()) {
            boolean url = property.getValue().path("format").asText().equals("uri");
            Object value = route.config().get(property.getKey());
            if (url && type.isDestination(property.getKey()) && value != null) {
                return SourceProbe.url(value);
            }
        }
        return Optional.empty();
    }
}
