package dev.serai.contract;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.connector.TestResult;
import dev.serai.failure.Fault;

import static org.assertj.core.api.Assertions.assertThat;

/** Does a type take the configs it should, no others, and tell whether they work? */
interface ConfigContract extends TypeUnderTest {

    @Test
    default void takesItsConfig() {
        assertThat(world().faults(type(), config())).isEmpty();
    }

    @Test
    default void refusesPropertiesOutsideItsSchemaAllAtOnce() {
        ObjectNode config = config();
        List<String> foreign = List.of(
                "socketFactory", "autoDeserialize", "allowLoadLocalInfile", "jdbcUrl", "options", "__proto__", "Host");
        foreign.forEach(name -> config.put(name, "java.lang.Runtime"));

        assertThat(world().validate(type(), config).errors()).hasSizeGreaterThanOrEqualTo(foreign.size());
        for (String name : foreign) {
            assertThat(world().validate(type(), config().put(name, "x")).errors())
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    default void refusesHostsThatAreMoreThanAHost() {
        JsonNode properties = world().type(type()).configSchema().path("properties");
        for (String property : List.of("host", "ssh_host", "account")) {
            if (!properties.has(property)) {
                continue;
            }
            for (String host : List.of(
                    "a/b",
                    "a?b=c",
                    "user@a",
                    "user:pw@a",
                    "a b",
                    " a",
                    "a\n",
                    "a#b",
                    "http://a",
                    "a:1",
                    "a,b",
                    "a\\b",
                    "a%2fb",
                    "")) {
                assertThat(world().validate(type(), config().put(property, host))
                                .errors())
                        .as(property + " = " + host)
                        .isNotEmpty();
            }
        }
    }

    @Test
    default void refusesUrlsThatAreNoPlainDestination() {
        world().type(type()).configSchema().path("properties").properties().forEach(property -> {
            if (!property.getValue().path("format").asText().equals("uri")
                    || !property.getValue().path("x-destination").asBoolean()) {
                return;
            }
            String pointer = "/config/" + property.getKey();
            for (String url : List.of(
                    "http://u:p@h",
                    "http://u@h",
                    "http://@h",
                    "http://u:p@h\n",
                    "file:///x",
                    "http:///x",
                    "http://h\n",
                    "h")) {
                assertThat(world().faults(type(), config().put(property.getKey(), url)))
                        .as(property.getKey() + " = " + url)
                        .extracting(Fault::pointer)
                        .contains(pointer);
            }
        });
    }

    @Test
    default void testsWell() throws Exception {
        provided(Capability.TEST, () -> {
            for (TestResult result : List.of(world().test(connector()), world().test(type(), config()))) {
                assertThat(result.error()).isNull();
                assertThat(result.ok()).isTrue();
                assertThat(result.category()).isNull();
                assertThat(result.steps()).isNotEmpty().allMatch(TestResult.Step::ok);
            }
        });
    }

    @Test
    default void tellsTheStepThatFails() throws Exception {
        provided(Capability.TEST, () -> {
            TestResult result = world().test(type(), brokenConfig());

            assertThat(result.ok()).isFalse();
            assertThat(result.category()).isEqualTo(broken().step());
            assertThat(result.error()).isNotBlank();
            TestResult.Step last = result.steps().get(result.steps().size() - 1);
            assertThat(last.ok()).isFalse();
            assertThat(last.name()).isEqualTo(broken().step());
            assertThat(result.latencyMs()).isLessThan(16_000);
        });
    }

    @Test
    default void listsItsModels() throws Exception {
        provided(Capability.MODELS, () -> assertThat(models(request()))
                .containsAll(Table.ALL.stream().map(this::model).toList())
                .doesNotHaveDuplicates());
    }

    @Test
    default void listsItsModelsByPages() throws Exception {
        provided(Capability.MODELS_BY_PAGE, () -> {
            List<Model> all = new java.util.ArrayList<>();
            ObjectNode request = request().put("limit", 3);
            JsonNode page;
            do {
                page = world().json(connector(), "models", request);
                List<Model> found = modelsOf(page);
                assertThat(found).isNotEmpty().hasSizeLessThanOrEqualTo(3);
                all.addAll(found);
                request.put("cursor", page.path("next_cursor").asText());
            } while (page.hasNonNull("next_cursor"));

            assertThat(all)
                    .containsAll(Table.ALL.stream().map(this::model).toList())
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    default void findsModelsByAPartOfTheirName() throws Exception {
        provided(Capability.MODEL_SEARCH, () -> {
            String part = model(Table.MANY).name().toUpperCase(Locale.ROOT).substring(1);

            assertThat(models(request().put("search", part)))
                    .contains(model(Table.MANY))
                    .doesNotContain(model(Table.ODD));
        });
    }

    @Test
    default void tellsTheColumnsOfItsModels() throws Exception {
        provided(Capability.SCHEMA, () -> {
            for (Table table : Table.ALL) {
                JsonNode columns =
                        world().json(connector(), "schema", request(table)).path("columns");

                assertThat(columns)
                        .extracting(column -> column.path("name").asText())
                        .containsExactlyElementsOf(table.columns());
                assertThat(columns)
                        .extracting(column -> column.path("type").asText())
                        .startsWith("BIGINT", "VARCHAR");
            }
        });
    }
}
