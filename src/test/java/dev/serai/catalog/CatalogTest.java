package dev.serai.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import dev.serai.settings.SeraiSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CatalogTest {
    private static final Duration PICKED_UP = Duration.ofSeconds(10);
    private static final String DEMO =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: demo-http
              annotations:
                serai.dev/category: api
                serai.dev/queryable: "true"
                serai.dev/aliases: demo, dh
                serai.dev/actions: '[{"name":"fire","title":"Fire","description":"Fires","input_schema":{"type":"object","required":["event"]}}]'
                camel.apache.org/kamelet.icon: data:image/svg+xml;base64,AAAA
            spec:
              definition:
                title: Demo
                description: A demo
                required: [base_url]
                properties:
                  base_url: {title: URL, description: Where, type: string, format: uri, x-destination: true, x-group: way}
                  token: {title: Token, description: Secret, type: string, format: password}
                  page_size: {title: Page, description: Rows, type: integer, default: 100, minimum: 1, example: 50}
                  mode: {title: Mode, description: Mode, type: string, enum: [fast, slow]}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} == 'models'"
                            steps:
                              - setBody: {constant: "[]"}
                          - simple: "${header.operation} in 'read,query'"
                            steps:
                              - toD:
                                  uri: "${variable.config[base_url]}/items"
                                  parameters: {throwExceptionOnFailure: true, page_size: 10}
                          - simple: "${header.operation} == 'fire'"
                            steps:
                              - to: {uri: "http:demo", parameters: {httpMethod: POST}}
                          - simple: "${header.operation} == 'test'"
                            steps:
                              - setBody: {constant: ""}
            """;

    @TempDir
    Path folder;

    private final CamelContext camel = new DefaultCamelContext();
    private Catalog catalog = null;

    @AfterEach
    void close() {
        if (catalog != null) {
            catalog.close();
        }
    }

    private Catalog open() {
        catalog = new Catalog(settings(folder), camel);
        catalog.watch();
        return catalog;
    }

    private static SeraiSettings settings(Path folder) {
        return new Binder(new MapConfigurationPropertySource(Map.of("serai.kamelets-dir", folder.toString())))
                .bindOrCreate("serai", SeraiSettings.class);
    }

    private void drop(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void tellsWhatAKameletDeclares() throws IOException {
        drop("demo-http.kamelet.yaml", DEMO);

        ConnectorType type = open().find("demo_http").orElseThrow();

        assertThat(catalog.problems()).isEmpty();
        assertThat(type.title()).isEqualTo("Demo");
        assertThat(type.category()).isEqualTo("api");
        assertThat(type.queryable()).isTrue();
        assertThat(type.aliases()).containsExactly("demo", "dh");
        assertThat(type.capabilities()).containsExactly("test", "models", "read", "preview", "query");
        assertThat(type.actions()).extracting(ActionType::name).containsExactly("fire");
        assertThat(type.verifiedAgainst()).isNull();
        assertThat(catalog.find("dh")).contains(type);
    }

    @Test
    void turnsTheDefinitionIntoAJsonSchema() throws IOException {
        drop("demo-http.kamelet.yaml", DEMO);

        ConnectorType type = open().find("demo_http").orElseThrow();

        var schema = type.configSchema();
        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        assertThat(schema.at("/properties/token/writeOnly").asBoolean()).isTrue();
        assertThat(schema.at("/properties/token/format").asText()).isEqualTo("password");
        assertThat(schema.at("/properties/base_url/x-order").asInt(-1)).isZero();
        assertThat(schema.at("/properties/mode/x-order").asInt()).isEqualTo(3);
        assertThat(schema.at("/properties/base_url/x-group").asText()).isEqualTo("way");
        assertThat(schema.at("/properties/page_size/examples/0").asInt()).isEqualTo(50);
        assertThat(type.isSecret("token")).isTrue();
        assertThat(type.isDestination("base_url")).isTrue();
        assertThat(type.isDestination("mode")).isFalse();
    }

    @Test
    void givesCamelATemplateOfItsOwnForEachText() throws IOException {
        drop("demo-http.kamelet.yaml", DEMO);

        Kamelet kamelet = open().find("demo_http").orElseThrow().kamelet();

        assertThat(kamelet.templateId()).startsWith("demo-http-").hasSize("demo-http-".length() + 16);
        assertThat(kamelet.yaml())
                .contains(kamelet.templateId())
                .contains("direct:{{address}}")
                .doesNotContain("kamelet:source")
                .doesNotContain("base_url:");
    }

    @Test
    void picksUpDroppedChangedBrokenRepairedAndRemovedFilesWhileRunning() throws IOException {
        open();
        String empty = catalog.etag();
        assertThat(catalog.find("demo_http")).isEmpty();

        drop("demo-http.kamelet.yaml", DEMO);
        await().atMost(PICKED_UP).until(() -> catalog.find("demo_http").isPresent());
        String dropped = catalog.etag();
        assertThat(dropped).isNotEqualTo(empty);

        drop("demo-http.kamelet.yaml", DEMO.replace("title: Demo", "title: Changed"));
        await().atMost(PICKED_UP)
                .until(() -> catalog.find("demo").orElseThrow().title().equals("Changed"));
        String changed = catalog.etag();
        assertThat(changed).isNotEqualTo(dropped);

        drop("demo-http.kamelet.yaml", DEMO.replace("choice:", "chioce:"));
        await().atMost(PICKED_UP).until(() -> !catalog.problems().isEmpty());
        assertThat(catalog.find("demo").orElseThrow().title()).isEqualTo("Changed");
        assertThat(catalog.etag()).isEqualTo(changed);

        drop("demo-http.kamelet.yaml", DEMO);
        await().atMost(PICKED_UP).until(() -> catalog.problems().isEmpty());
        assertThat(catalog.etag()).isEqualTo(dropped);

        Files.delete(folder.resolve("demo-http.kamelet.yaml"));
        await().atMost(PICKED_UP).until(() -> catalog.find("demo_http").isEmpty());
        assertThat(catalog.etag()).isEqualTo(empty);
    }

    @Test
    void reportsEachBrokenFileAndServesTheRest() throws IOException {
        drop("a-good.kamelet.yaml", DEMO);
        drop("b-yaml.kamelet.yaml", "kind: [Kamelet");
        drop("c-twice.kamelet.yaml", other("twice").replace("kind: Kamelet", "kind: Kamelet\nkind: Kamelet"));
        drop("d-empty.kamelet.yaml", "");
        drop("e-step.kamelet.yaml", other("step").replace("setBody: {constant: \"[]\"}", "setBdy: {constant: \"[]\"}"));
        drop("f-option.kamelet.yaml", other("option").replace("httpMethod", "httpMethd"));
        drop("g-dynamic.kamelet.yaml", other("dynamic").replace("\"http:demo\"", "\"log:demo?levle=INFO\""));
        drop("h-component.kamelet.yaml", other("component").replace("\"http:demo\"", "\"htpp:demo\""));
        drop("i-simple.kamelet.yaml", other("simple").replace("constant: \"\"", "simple: \"${nosuchthing}\""));
        drop("j-text.kamelet.yaml", other("text").replace("${variable.config[base_url]}", "{{base_url}}"));
        drop("k-action.kamelet.yaml", other("action").replace("\"name\":\"fire\"", "\"name\":\"launch\""));
        drop("l-schema.kamelet.yaml", other("schema").replace("minimum: 1", "minimum: one"));
        drop("m-name.kamelet.yaml", other("My_Name"));
        drop("n-operation.kamelet.yaml", other("operation").replace("== 'models'", "== 'modles'"));

        open();

        assertThat(catalog.types()).extracting(ConnectorType::type).contains("demo_http");
        assertThat(catalog.types())
                .extracting(type -> type.kamelet().origin())
                .noneMatch(origin -> origin.matches("[b-n]-.*"));
        for (String file : new String[] {
            "b-yaml",
            "c-twice",
            "d-empty",
            "e-step",
            "f-option",
            "g-dynamic",
            "h-component",
            "i-simple",
            "j-text",
            "k-action",
            "l-schema",
            "m-name",
            "n-operation"
        }) {
            assertThat(catalog.problems())
                    .as(file)
                    .anyMatch(problem -> problem.file().equals(file + ".kamelet.yaml")
                            && !problem.detail().isBlank());
        }
        assertThat(detail("f-option")).contains("httpMethd").contains("httpMethod");
        assertThat(detail("e-step")).contains("setBdy");
        assertThat(detail("j-text")).contains("base_url");
        assertThat(catalog.problems())
                .allSatisfy(problem -> assertThat(problem.detail()).doesNotContain("Exception", "org.apache", "java."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: object, properties: {key: {type: string, format: password}}",
                "type: array, items: {type: string, writeOnly: true}",
                "type: array, items: {type: object, properties: {host: {type: string, x-destination: true}}}",
                "type: string, anyOf: [{format: password}, {maxLength: 3}]"
            })
    void takesNoSecretOrDestinationBelowAConfigsOwnProperties(String property) throws IOException {
        drop(
                "nested.kamelet.yaml",
                DEMO.replace("name: demo-http", "name: nested")
                        .replace("mode: {title: Mode, ", "mode: {title: Mode, " + property + ", ")
                        .replace(", type: string, enum: [fast, slow]", ""));

        assertThat(open().find("nested")).isEmpty();
        assertThat(detail("nested")).contains("/properties/mode/", "secret");
    }

    private String detail(String file) {
        return catalog.problems().stream()
                .filter(problem -> problem.file().startsWith(file))
                .map(CatalogProblem::detail)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void givesANameOrAliasToOneTypeOnly() throws IOException {
        drop("a.kamelet.yaml", DEMO);
        drop("b.kamelet.yaml", DEMO.replace("title: Demo", "title: Second"));
        drop("c.kamelet.yaml", other("taker").replace("aliases: none_taker", "aliases: dh"));
        drop("d.kamelet.yaml", other("demo"));

        open();

        assertThat(catalog.types())
                .filteredOn(type -> type.kamelet().origin().matches("[a-d].kamelet.yaml"))
                .hasSize(1);
        assertThat(catalog.find("demo_http").orElseThrow().title()).isEqualTo("Demo");
        assertThat(detail("b")).contains("demo_http").contains("a.kamelet.yaml");
        assertThat(detail("c")).contains("dh").contains("demo_http");
        assertThat(detail("d")).contains("demo").contains("demo_http");
    }

    @Test
    void keepsWhatAFileDeclaredWhenItsChangeTakesAnothersAlias() throws IOException {
        drop("a.kamelet.yaml", DEMO);
        drop("b.kamelet.yaml", other("taker"));
        open();

        drop("b.kamelet.yaml", other("taker").replace("aliases: none_taker", "aliases: dh"));
        await().atMost(PICKED_UP).until(() -> !catalog.problems().isEmpty());

        assertThat(catalog.find("taker")).isPresent();
        assertThat(catalog.find("dh").orElseThrow().type()).isEqualTo("demo_http");
    }

    private static String other(String name) {
        return DEMO.replace("name: demo-http", "name: " + name)
                .replace("aliases: demo, dh", "aliases: none_" + name.toLowerCase(java.util.Locale.ROOT));
    }
}
