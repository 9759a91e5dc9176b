package dev.serai.connector.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * What does a direct query ask for? {@code {"endpoint": …, "params": {…}}} asks one of the config's endpoints, with
 * parameters of its own; {@code {"path": …, "params": {…}, "records": …}} or a path alone asks by GET for anything below the
 * connector's address.
 */
record RestQuestion(RestEndpoint endpoint) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS = Set.of("endpoint", "path", "params", "records", "format");

    /** Upwards is not below; nor is what a server might take for that. */
    private static final Pattern UPWARDS =
            Pattern.compile("(^|/|\\\\|%2f|%5c)(\\.|%2e){1,2}(/|\\\\|%2f|%5c|;|$)", Pattern.CASE_INSENSITIVE);

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*");

    /** @throws FailureException with all faults, relative to the request */
    static RestQuestion of(JsonNode query, RestSettings settings) {
        JsonNode asked = query.isObject() ? query : parsed(query.asText("").strip());
        List<Fault> faults = new ArrayList<>();
        asked.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                faults.add(new Fault("/query/" + name.replace("~", "~0").replace("/", "~1"), "no such property"));
            }
        });
        if (asked.has("endpoint") == asked.has("path")) {
            faults.add(new Fault("/query", "must have either an endpoint's name or a path"));
        }
        if (asked.has("endpoint")
                && settings.endpoint(asked.path("endpoint").asText()).isEmpty()) {
            faults.add(new Fault("/query/endpoint", "must be the name of one of the connector's endpoints"));
        }
        if (asked.has("path")) {
            pathFault(asked.path("path").asText()).ifPresent(fault -> faults.add(new Fault("/query/path", fault)));
        }
        checkParameters(asked.path("params"), faults);
        checkRecords(asked, faults);
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        JsonNode given = asked.path("params").isObject() ? asked.path("params") : JSON.createObjectNode();
        Map<String, List<String>> parameters = RestEndpoint.parameters(JSON.convertValue(given, Map.class));
        if (asked.has("endpoint")) {
            return new RestQuestion(settings.endpoint(asked.path("endpoint").asText())
                    .orElseThrow()
                    .asking(parameters));
        }
        Map<String, Object> config =
                new java.util.HashMap<>(Map.of("path", asked.path("path").asText()));
        for (String name : List.of("records", "format")) {
            if (asked.has(name)) {
                config.put(name, asked.path(name).asText());
            }
        }
        return new RestQuestion(RestEndpoint.of(config).asking(parameters));
    }

    private static void checkParameters(JsonNode parameters, List<Fault> faults) {
        if (!parameters.isMissingNode() && !parameters.isObject()) {
            faults.add(new Fault("/query/params", "must be an object"));
        }
        parameters.properties().forEach(entry -> {
            boolean plain = entry.getValue().isValueNode();
            for (JsonNode one : entry.getValue()) {
                plain = entry.getValue().isArray() && one.isValueNode();
            }
            if (!plain) {
                faults.add(new Fault("/query/params", "must have values, or lists of values"));
            }
        });
    }

    private static void checkRecords(JsonNode asked, List<Fault> faults) {
        if (asked.has("records") && asked.has("endpoint")) {
            faults.add(new Fault("/query/records", "is the endpoint's own"));
        }
        if (asked.has("format")
                && !Set.of("auto", "json", "ndjson", "csv", "xml")
                        .contains(asked.path("format").asText())) {
            faults.add(new Fault("/query/format", "must be one of auto, json, ndjson, csv, xml"));
        }
        try {
            RecordPath.of(asked.path("records").asText(""));
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("/query/records", String.valueOf(e.getMessage())));
        }
    }

    /** What keeps a path from being one below the connector's address. */
    static java.util.Optional<String> pathFault(String path) {
        if (!PATH.matcher(path).matches() || path.startsWith("//")) {
            return java.util.Optional.of(
                    "must be a path that begins with one slash, without host, parameters, placeholders or spaces");
        }
        return UPWARDS.matcher(path).find()
                ? java.util.Optional.of("must not lead upwards")
                : java.util.Optional.empty();
    }

    private static JsonNode parsed(String text) {
        if (text.startsWith("/")) {
            return JSON.createObjectNode().put("path", text);
        }
        try {
            JsonNode parsed = JSON.readTree(text);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            throw noJson();
        }
        throw noJson();
    }

    private static FailureException noJson() {
        return new FailureException(
                Failure.Invalid.of(
                        "/query",
                        "must be a path such as /orders, or a JSON object such as {\"endpoint\": \"orders\", \"params\": {\"status\": \"open\"}}"));
    }
}
