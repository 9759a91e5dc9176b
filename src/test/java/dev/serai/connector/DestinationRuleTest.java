package dev.serai.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Failure;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static dev.serai.connector.ConnectorFixture.pointers;
import static org.assertj.core.api.Assertions.assertThat;

/** A stored secret goes only where it was meant for: for every type there is, and every property that says where. */
class DestinationRuleTest {
    private static final String PLANTED = "planted-secret";
    private static final String KEY = key();
    private static final String NESTED =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: nested-destinations
              annotations: {serai.dev/aliases: nested}
            spec:
              definition:
                title: Nested
                required: [place]
                properties:
                  place:
                    type: object
                    x-destination: true
                    properties:
                      host: {type: string}
                      inner: {type: object, properties: {port: {type: integer, default: 80}}}
                  servers: {type: array, items: {type: string}, x-destination: true}
                  mode: {type: string, enum: [a, b], default: a, x-destination: true}
                  plain: {type: boolean, default: false, x-destination: true}
                  note: {type: string}
                  token: {type: string, format: password}
              template:
                from:
                  uri: kamelet:source
                  steps: [{choice: {when: [{simple: "${header.operation} == 'test'", steps: [{setBody: {constant: ""}}]}]}}]
            """;

    private static Catalog catalog;
    private static Connectors connectors;

    @BeforeAll
    static void take() throws IOException {
        catalog = catalog();
        connectors = ConnectorFixture.connectors(MetadataStore.H2.dataSource(), catalog, Clock.systemUTC());
    }

    private static Catalog catalog() throws IOException {
        Path folder = TestFolder.create("serai-kamelets");
        Files.writeString(folder.resolve("nested-destinations.kamelet.yaml"), NESTED);
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        return new Catalog(Settings.of(Map.of("serai.kamelets-dir", folder.toString())), camel);
    }

    /** Each destination of each type with something else that its schema allows. */
    static Stream<Arguments> destinations() throws IOException {
        List<Arguments> all = new ArrayList<>();
        try (Catalog types = catalog()) {
            for (ConnectorType type : types.types()) {
                type.configSchema().path("properties").properties().forEach(property -> {
                    if (type.isDestination(property.getKey())) {
                        all.add(Arguments.of(type.type(), property.getKey()));
                    }
                });
            }
        }
        return all.stream();
    }

    @Test
    void findsDestinations() throws IOException {
        assertThat(destinations().map(arguments -> arguments.get()[0])).contains("postgresql", "nested_destinations");
        assertThat(catalog.types())
                .filteredOn(type -> hasSecrets(type) && !hasDestinations(type))
                .isEmpty();
    }

    private static boolean hasSecrets(ConnectorType type) {
        return StreamSupport.stream(type.configSchema().path("properties").spliterator(), false)
                .anyMatch(property -> property.path("writeOnly").asBoolean());
    }

    private static boolean hasDestinations(ConnectorType type) {
        return StreamSupport.stream(type.configSchema().path("properties").spliterator(), false)
                .anyMatch(property -> property.path("x-destination").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("destinations")
    void changesOnlyTogetherWithTheSecrets(String typeName, String property) {
        ConnectorType type = catalog.find(typeName).orElseThrow();
        ObjectNode config = config(type);
        String project = MetadataStore.H2.newProject();
        Connector connector =
                connectors.create(project, new NewConnector("one", typeName, null, config, List.of(), true));
        JsonNode schema = type.configSchema().path("properties").path(property);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.set(property, other(property, schema, config.path(property)));
        List<String> secrets =
                secrets(type).stream().map(name -> "/config/" + name).toList();

        for (Failure failure : List.of(
                failure(() -> connectors.patch(
                        project,
                        connector.id(),
                        JsonNodeFactory.instance.objectNode().set("config", change))),
                failure(() -> connectors.test(project, connector.id(), change)))) {
            assertThat(failure.code())
                    .as("%s of %s: %s", property, typeName, failure)
                    .isEqualTo("secret_required");
            assertThat(pointers(failure)).containsExactlyInAnyOrderElementsOf(secrets);
            assertThat(failure.toString()).doesNotContain(PLANTED);
        }
        assertThat(connectors.get(project, connector.id())).isEqualTo(connector);

        ObjectNode same = JsonNodeFactory.instance.objectNode();
        same.set(property, connector.config().path(property));
        if (!connector.config().path(property).isMissingNode()) {
            connectors.patch(
                    project,
                    connector.id(),
                    JsonNodeFactory.instance.objectNode().set("config", same));
        }
        secrets(type).forEach(name -> change.put(name, secret(name, "again-" + name)));
        connectors.patch(
                project, connector.id(), JsonNodeFactory.instance.objectNode().set("config", change));
    }

    /** The config before: place {host: h, inner: {port: 80}}, servers [a, b], mode a, plain false, token. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'place':{'host':'evil'}}                    | secret_required",
                "{'place':{'host':null}}                      | secret_required",
                "{'place':{'inner':{'port':81}}}              | secret_required",
                "{'place':{'inner':{'port':80}}}              | ok",
                "{'place':{'inner':{'port':null}}}            | ok",
                "{'place':{'inner':null}}                     | secret_required",
                "{'place':{'other':'evil'}}                   | secret_required",
                "{'place':'h'}                                | invalid",
                "{'place':null}                               | invalid",
                "{'servers':['a']}                            | secret_required",
                "{'servers':['b','a']}                        | secret_required",
                "{'servers':['a','b','evil']}                 | secret_required",
                "{'servers':['a','b']}                        | ok",
                "{'servers':[]}                               | secret_required",
                "{'servers':null}                             | secret_required",
                "{'mode':'a'}                                 | ok",
                "{'mode':null}                                | ok",
                "{'mode':'b'}                                 | secret_required",
                "{'plain':true}                               | secret_required",
                "{'plain':false}                              | ok",
                "{'note':'changed'}                           | ok",
                "{'mode':'b','token':'********'}              | secret_required",
                "{'mode':'b','token':'new'}                   | ok",
                "{'mode':'b','token':null}                    | ok",
            })
    void looksIntoObjectsAndLists(String change, String expected) {
        String project = MetadataStore.H2.newProject();
        Connector connector = connectors.create(
                project,
                new NewConnector(
                        "one",
                        "nested",
                        null,
                        json("{'place':{'host':'h','inner':{}},'servers':['a','b'],'token':'" + PLANTED + "'}"),
                        List.of(),
                        true));
        ObjectNode patch = json("{'config':" + change + "}");

        assertThat(connector.type()).isEqualTo("nested_destinations");
        if (expected.equals("ok")) {
            assertThat(connectors.test(project, connector.id(), json(change)).ok())
                    .isTrue();
            connectors.patch(project, connector.id(), patch);
        } else {
            assertThat(failure(() -> connectors.test(project, connector.id(), json(change)))
                            .code())
                    .isEqualTo(expected);
            assertThat(failure(() -> connectors.patch(project, connector.id(), patch))
                            .code())
                    .isEqualTo(expected);
        }
    }

    private static List<String> secrets(ConnectorType type) {
        List<String> names = new ArrayList<>();
        type.configSchema().path("properties").fieldNames().forEachRemaining(name -> {
            if (type.isSecret(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** All that is required, every secret, and what goes with them. */
    private static ObjectNode config(ConnectorType type) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        JsonNode properties = type.configSchema().path("properties");
        type.configSchema()
                .path("required")
                .forEach(name -> config.set(name.asText(), value(name.asText(), properties.path(name.asText()))));
        secrets(type).forEach(name -> config.put(name, secret(name, PLANTED)));
        JsonNode together = type.configSchema().path("dependentRequired");
        Deque<String> names = new ArrayDeque<>(secrets(type));
        while (!names.isEmpty()) {
            together.path(names.remove()).forEach(name -> {
                if (!config.has(name.asText())) {
                    config.set(name.asText(), value(name.asText(), properties.path(name.asText())));
                    names.add(name.asText());
                }
            });
        }
        return config;
    }

    /** A key must be one that can be opened. */
    private static String secret(String name, String text) {
        return name.equals("ssh_private_key") ? KEY : text;
    }

    private static String key() {
        try {
            byte[] key = KeyPairGenerator.getInstance("EC")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode value(String name, JsonNode schema) {
        if (schema.has("examples")) {
            return schema.path("examples").path(0);
        } else if (schema.has("default")) {
            return schema.path("default");
        } else if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> nodes.numberNode(schema.path("minimum").asInt(1));
            case "boolean" -> nodes.booleanNode(false);
            case "object" -> nodes.objectNode().put("host", "h");
            case "array" -> nodes.arrayNode().add("a");
            default ->
                schema.path("format").asText().equals("uri")
                        ? nodes.textNode("https://" + name.replace('_', '-') + ".example")
                        : nodes.textNode(name.replace('_', '-'));
        };
    }

    private static JsonNode other(String name, JsonNode schema, JsonNode present) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (schema.has("enum")) {
            for (JsonNode choice : schema.path("enum")) {
                if (!choice.equals(present) && !choice.equals(schema.path("default"))) {
                    return choice;
                }
            }
        }
        JsonNode now = present.isMissingNode() ? schema.path("default") : present;
        if (name.equals("ca_fingerprint")) {
            return nodes.textNode("AB".repeat(32));
        }
        return switch (schema.path("type").asText()) {
            case "integer", "number" ->
                nodes.numberNode(now.asInt(schema.path("minimum").asInt(1)) + 1);
            case "boolean" -> nodes.booleanNode(!now.asBoolean());
            case "object" -> nodes.objectNode().put("host", "elsewhere");
            case "array" -> nodes.arrayNode().add("elsewhere");
            default ->
                schema.path("format").asText().equals("uri")
                        ? nodes.textNode("https://elsewhere.example")
                        : nodes.textNode("elsewhere");
        };
    }
}
