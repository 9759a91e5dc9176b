package dev.serai.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Every body that the OpenAPI file declares is checked as it is declared there, whoever checks it. */
class BodiesTest {
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final HttpCaller ADMIN = SERAI.as("admin", "bodies");
    private static String connector;
    private static String dataset;

    /** An operation with a body of one media type. */
    private record Body(
            String id,
            String method,
            String path,
            String mediaType,
            Map<String, JsonNode> properties,
            Map<String, Map<String, JsonNode>> items) {
        Reply send(Object body) {
            String one = path.startsWith("/api/datasets") ? dataset : connector;
            String address = path.replace("{id}", one).replace("{type}", "postgresql");
            return ADMIN.send(method, address, body, "Content-Type", mediaType);
        }

        @Override
        public String toString() {
            return id + " as " + mediaType;
        }
    }

    /** Neither needs its source. */
    @BeforeAll
    static void make() {
        Map<String, Object> config =
                Map.of("host", "db.example", "database", "shop", "username", "reader", "password", "hunter2");
        connector = ADMIN.post("/api/connectors", Map.of("name", "Shop", "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        dataset = ADMIN.post("/api/datasets", Map.of("connector_id", connector, "model", "public.orders"))
                .expect(201)
                .path("id")
                .asText();
    }

    static List<Body> bodies() throws IOException {
        JsonNode file = new YAMLMapper()
                .readTree(SERAI.nobody().get("/api/openapi.yaml").text());
        List<Body> bodies = new ArrayList<>();
        file.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> operation.getValue().has("requestBody"))
                .forEach(operation -> operation.getValue().at("/requestBody/content").properties().stream()
                        // A file is none of JSON's types.
                        .filter(content -> !content.getKey().startsWith("multipart/"))
                        .forEach(content -> bodies.add(new Body(
                                operation.getValue().path("operationId").asText(),
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                content.getKey(),
                                properties(file, content.getValue().path("schema")),
                                items(file, content.getValue().path("schema")))))));
        return bodies;
    }

    private static Map<String, JsonNode> properties(JsonNode file, JsonNode schema) {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        resolved(file, schema)
                .path("properties")
                .properties()
                .forEach(property -> properties.put(property.getKey(), resolved(file, property.getValue())));
        return properties;
    }

    /** The properties of the objects in its lists, by the list's name. */
    private static Map<String, Map<String, JsonNode>> items(JsonNode file, JsonNode schema) {
        Map<String, Map<String, JsonNode>> items = new LinkedHashMap<>();
        properties(file, schema).forEach((name, declared) -> {
            Map<String, JsonNode> properties = properties(file, declared.path("items"));
            if (!properties.isEmpty()) {
                items.put(name, properties);
            }
        });
        return items;
    }

    private static JsonNode resolved(JsonNode file, JsonNode node) {
        return node.has("$ref") ? file.at(node.path("$ref").asText().substring(1)) : node;
    }

    @Test
    void theFileDeclaresBodies() throws IOException {
        assertThat(bodies())
                .hasSizeGreaterThanOrEqualTo(14)
                .allSatisfy(body -> assertThat(body.properties()).as(body.id()).isNotEmpty());
        assertThat(bodies()).anySatisfy(body -> assertThat(body.items()).containsKey("datasets"));
    }

    /** Nothing but the API's own reader looks into such a body. */
    @Test
    void aFormWithoutABoundaryIsNoFaultOfOurs() {
        for (String type : List.of("multipart/form-data", "multipart/form-data; boundary=x")) {
            ADMIN.send("POST", "/nothing/here", "", "Content-Type", type).problem(404);
            assertThat(ADMIN.send("POST", "/api/connectors/con_none/upload/preview", "", "Content-Type", type)
                            .status())
                    .isBetween(400, 499);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatCannotBeParsedIsABadRequest(Body body) {
        assertThat(body.send("{\"a").problem(400).path("code").asText()).isEqualTo("bad_json");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void unknownPropertiesDoNotFit(Body body) {
        assertThat(pointers(body.send(Map.of("surprise", 1)))).contains("/surprise");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void eachPropertyHasItsType(Body body) {
        Map<String, Object> all = new LinkedHashMap<>();
        body.properties().forEach((name, declared) -> wrong(declared).forEach(value -> {
            all.put(name, value);
            assertThat(pointers(body.send(Map.of(name, value))))
                    .as("%s with %s as %s", body, value, name)
                    .contains("/" + name);
        }));
        String[] expected = all.keySet().stream().map(name -> "/" + name).toArray(String[]::new);
        assertThat(pointers(body.send(all))).as("all at once").contains(expected);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void itemsOfListsHaveTheirType(Body body) {
        body.properties().forEach((name, declared) -> {
            if (declared.at("/items").has("type") || declared.at("/items").has("$ref")) {
                assertThat(pointers(body.send(Map.of(name, List.of(5)))))
                        .as("%s with a number in %s", body, name)
                        .contains("/" + name + "/0");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void objectsInListsAreCheckedToo(Body body) {
        body.items().forEach((list, properties) -> {
            assertThat(pointers(body.send(Map.of(list, List.of(Map.of("surprise", 1))))))
                    .contains("/" + list + "/0/surprise");
            properties.forEach((name, declared) -> wrong(declared)
                    .forEach(value -> assertThat(pointers(body.send(Map.of(list, List.of(Map.of(name, value))))))
                            .as("%s with %s as %s of %s", body, value, name, list)
                            .contains("/" + list + "/0/" + name)));
        });
    }

    /** Values that are not of the declared type; none where any will do. */
    private static Stream<Object> wrong(JsonNode declared) {
        return switch (declared.path("type").asText()) {
            case "string" -> Stream.of(5, true, List.of("text"), Map.of());
            case "integer" -> Stream.of("5", 1.5, true, List.of(5), Map.of());
            case "boolean" -> Stream.of("true", 1, List.of(true), Map.of());
            case "array" -> Stream.of("text", 5, true, Map.of());
            case "object" -> Stream.of("text", 5, true, List.of());
            default -> Stream.empty();
        };
    }

    private static List<String> pointers(Reply reply) {
        return reply.problem(422).path("errors").findValuesAsText("pointer");
    }
}
