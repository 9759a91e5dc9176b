package dev.serai.api.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** What the served OpenAPI file says: read anew by the test, so that it does not share a mistake with the server. */
final class ApiFile {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode file;
    private final List<Operation> operations = new ArrayList<>();

    ApiFile(String yaml) {
        try {
            file = new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .forEach(entry ->
                        operations.add(operation(path.getKey(), path.getValue(), entry.getKey(), entry.getValue()))));
        operations.sort(Comparator.comparing((Operation operation) ->
                        (int) operation.path().chars().filter(c -> c == '{').count())
                .thenComparing(Operation::id));
    }

    /** @param bodies schemas by media type */
    record Operation(
            String id,
            String path,
            String method,
            String role,
            List<JsonNode> parameters,
            Map<String, JsonNode> bodies,
            List<String> answers,
            JsonNode node) {}

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** The operation that the file has for a path as it is sent, if it has one. */
    Optional<Operation> find(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        String[] segments = path.split("/", -1);
        return operations.stream()
                .filter(operation -> matches(operation.path().split("/", -1), segments))
                .findFirst()
                .flatMap(best -> operations.stream()
                        .filter(operation -> operation.path().equals(best.path()))
                        .filter(operation -> operation.method().equals(wanted))
                        .findFirst());
    }

    private static boolean matches(String[] template, String[] segments) {
        boolean same = template.length == segments.length;
        for (int i = 0; same && i < template.length; i++) {
            same = template[i].startsWith("{") ? !segments[i].isEmpty() : template[i].equals(segments[i]);
        }
        return same;
    }

    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(file.at(node.path("$ref").asText().substring(1))) : node;
    }

    /** The codes that problems may have, with the status of each. */
    Map<String, Integer> codes() {
        Map<String, Integer> codes = new LinkedHashMap<>();
        file.at("/components/schemas/Problem/properties/code/x-codes")
                .properties()
                .forEach(entry -> codes.put(
                        entry.getKey(), entry.getValue().path("status").asInt()));
        return codes;
    }

    private Operation operation(String path, JsonNode item, String method, JsonNode node) {
        List<JsonNode> parameters = new ArrayList<>();
        item.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        node.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        Map<String, JsonNode> bodies = new LinkedHashMap<>();
        node.at("/requestBody/content")
                .properties()
                .forEach(content ->
                        bodies.put(content.getKey(), content.getValue().path("schema")));
        List<String> answers = new ArrayList<>();
        node.path("responses").properties().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .forEach(response -> resolve(response.getValue())
                        .path("content")
                        .fieldNames()
                        .forEachRemaining(answers::add));
        return new Operation(
                node.path("operationId").asText(),
                path,
                method.toUpperCase(Locale.ROOT),
                node.path("x-role").asText("none"),
                parameters,
                bodies,
                answers,
                node);
    }
}
