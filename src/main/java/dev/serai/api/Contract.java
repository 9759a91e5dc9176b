package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.oas.OpenApi30;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

import dev.serai.access.Role;
import dev.serai.catalog.SchemaPatterns;

/** Which operation of the OpenAPI file a request is for, who may call it, and what it must look like. */
@Component
class Contract {
    static final String FILE = "openapi/serai.yaml";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final List<Operation> operations;
    private final JsonNode file;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V4, builder -> builder.metaSchema(JsonMetaSchema.builder(OpenApi30.getInstance())
                            .keyword(new NonValidationKeyword("components"))
                            .build())
                    .defaultMetaSchemaIri(OpenApi30.getInstance().getIri()));
    private final SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(new SchemaPatterns())
            .build();

    Contract() throws IOException {
        try (InputStream yaml = new ClassPathResource(FILE).getInputStream()) {
            this.file = new YAMLMapper().readTree(yaml);
        }
        List<Operation> found = new ArrayList<>();
        file.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .forEach(entry -> found.add(operation(path.getKey(), entry.getKey(), entry.getValue()))));
        found.sort(Comparator.comparing(Operation::order));
        this.operations = List.copyOf(found);
    }

    /** An operation and the parameters of its path, still encoded. */
    record Match(Operation operation, Map<String, String> path) {}

    Operation operation(String id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Optional<Match> find(String method, String rawPath) {
        List<String> segments = segments(rawPath);
        return at(segments)
                .filter(operation -> operation.method().equals(method))
                .flatMap(operation -> operation.match(segments).map(path -> new Match(operation, path)).stream())
                .findFirst();
    }

    /** The operations of the one path of the file that fits best: {@code /catalog} is never an {@code /{id}}. */
    private Stream<Operation> at(List<String> segments) {
        Optional<List<String>> template = operations.stream()
                .filter(operation -> operation.match(segments).isPresent())
                .map(Operation::template)
                .findFirst();
        return operations.stream().filter(operation -> template.filter(operation.template()::equals)
                .isPresent());
    }

    /** Whether the request is for an operation that needs no token. */
    boolean isOpen(HttpServletRequest request) {
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        return find(method, request.getRequestURI())
                .filter(match -> match.operation().role() == null)
                .isPresent();
    }

    /** The methods that the path has, for {@code Allow}; empty where there is no such path. */
    Set<String> methods(String rawPath) {
        Set<String> methods = new TreeSet<>();
        at(segments(rawPath)).forEach(operation -> methods.add(operation.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return methods;
    }

    private static List<String> segments(String rawPath) {
        return List.of(rawPath.substring(1).split("/", -1));
    }

    private Operation operation(String path, String method, JsonNode node) {
        Map<String, JsonSchema> bodies = new LinkedHashMap<>();
        node.at("/requestBody/content")
                .properties()
                .forEach(content ->
                        bodies.put(content.getKey(), schema(content.getValue().path("schema"))));
        List<Operation.Parameter> parameters = new ArrayList<>();
        node.path("parameters").forEach(reference -> {
            JsonNode parameter = resolve(reference);
            if (!parameter.path("in").asText().equals("path")) {
                parameters.add(new Operation.Parameter(
                        parameter.path("name").asText(),
                        parameter.path("in").asText(),
                        parameter.path("required").asBoolean(),
                        parameter.at("/schema/type").asText("string"),
                        schema(parameter.path("schema"))));
            }
        });
        return new Operation(
                node.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                segments(path),
                role(path, method, node),
                node.has("x-role-with-body") ? role(node.path("x-role-with-body")) : null,
                List.copyOf(parameters),
                node.at("/requestBody/required").asBoolean(),
                node.at("/requestBody/x-checked-by-service").asBoolean(),
                bodies,
                answers(node));
    }

    /** An operation without {@code x-role} is open only where the file says {@code security: []}: a slip closes it. */
    private static @Nullable Role role(String path, String method, JsonNode node) {
        if (node.has("x-role")) {
            return role(node.path("x-role"));
        }
        if (node.path("security").isArray() && node.path("security").isEmpty()) {
            return null;
        }
        throw new IllegalStateException(FILE + ": " + method + " " + path + " has neither x-role nor security: []");
    }

    private static Role role(JsonNode name) {
        return Role.valueOf(name.asText().toUpperCase(Locale.ROOT));
    }

    private List<String> answers(JsonNode node) {
        List<String> types = new ArrayList<>();
        node.path("responses").properties().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .forEach(response -> resolve(response.getValue())
                        .path("content")
                        .fieldNames()
                        .forEachRemaining(types::add));
        return List.copyOf(types);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? file.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** With the file's components beside it, so that its references are found. */
    private JsonSchema schema(JsonNode node) {
        ObjectNode document = node.has("$ref")
                ? ((ObjectNode) file)
                        .objectNode()
                        .set("allOf", ((ObjectNode) file).arrayNode().add(node))
                : node.deepCopy();
        document.set("components", file.path("components"));
        JsonSchema schema = schemas.getSchema(document, config);
        schema.initializeValidators();
        return schema;
    }
}
