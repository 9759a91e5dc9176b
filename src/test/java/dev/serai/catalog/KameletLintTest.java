package dev.serai.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.tooling.model.ComponentModel.EndpointOptionModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules that every packed Kamelet keeps. */
class KameletLintTest {
    private static final Path FOLDER = Path.of("kamelets");
    private static final Pattern CONFIG_USE = Pattern.compile("variable\\.config\\[(\\w+)]");

    private static final Pattern REQUEST_USE = Pattern.compile("\\$\\{(variable\\.request|body|header\\.page)[^}]*}");

    /** Held for every connection by Serai itself, whatever the template does. */
    private static final Set<String> HELD_BY_SERAI = Set.of("connect_timeout", "read_timeout");

    private static final Set<String> CATEGORIES = Set.of(
            "database",
            "warehouse",
            "document",
            "search",
            "api",
            "file",
            "storage",
            "llm",
            "vector",
            "orchestration",
            "messaging");

    static List<Path> kamelets() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".kamelet.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static ConnectorType read(Path file) throws IOException, KameletException {
        return KameletReader.read(file.getFileName().toString(), Files.readString(file));
    }

    @Test
    void findsKamelets() throws IOException {
        assertThat(kamelets()).isNotEmpty();
        assertThat(PackedFiles.in("kamelets", ".kamelet.yaml")).hasSameSizeAs(kamelets());
    }

    @Test
    void allAreTakenTogether() throws IOException {
        Path empty = TestFolder.create("no-kamelets");
        try (Catalog catalog =
                new Catalog(Settings.of(Map.of("serai.kamelets-dir", empty.toString())), new DefaultCamelContext())) {
            assertThat(catalog.problems()).isEmpty();
            assertThat(catalog.types()).hasSameSizeAs(kamelets());
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void tellsPeopleWhatItIs(Path file) throws Exception {
        ConnectorType type = read(file);

        assertThat(file.getFileName()).hasToString(type.kamelet().name() + ".kamelet.yaml");
        assertThat(type.category()).isIn(CATEGORIES);
        assertThat(type.icon()).startsWith("data:image/svg+xml");
        assertThat(type.verifiedAgainst()).isIn("real", "double", "dialect");
        assertThat(type.capabilities()).contains("test");
        assertThat(type.configSchema().path("title").asText()).isNotBlank();
        assertThat(type.configSchema().path("description").asText()).endsWith(".");
        assertThat(type.actions())
                .allSatisfy(action -> assertThat(action.description()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void describesEachProperty(Path file) throws Exception {
        List<String> faults = new ArrayList<>();
        JsonNode definition = KameletReader.yaml(Files.readString(file)).at("/spec/definition/properties");
        definition.properties().forEach(entry -> {
            JsonNode property = entry.getValue();
            for (String needed : List.of("title", "description", "type")) {
                if (property.path(needed).asText().isBlank()) {
                    faults.add(entry.getKey() + " has no " + needed);
                }
            }
            if (!property.path("description").asText().endsWith(".")) {
                faults.add(entry.getKey() + "'s description is no sentence");
            }
            if (!entry.getKey().matches("[a-z][a-z0-9_]*")) {
                faults.add(entry.getKey() + " is not in snake_case");
            }
        });

        assertThat(definition).isNotEmpty();
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void usesOnlyOptionsThatCamelsCatalogKnows(Path file) throws Exception {
        CamelCatalog catalog = new DefaultCamelCatalog();
        KameletTemplate template =
                KameletTemplate.of(KameletReader.yaml(Files.readString(file)).at("/spec/template"), new ArrayList<>());
        List<String> faults = new ArrayList<>();
        for (KameletTemplate.EndpointUse use : template.endpoints()) {
            assertThat(catalog.findComponentNames()).as(use.scheme()).contains(use.scheme());
            List<EndpointOptionModel> known =
                    catalog.componentModel(use.scheme()).getEndpointOptions();
            for (String option : use.options().keySet()) {
                if (known.stream().noneMatch(one -> means(one, option))) {
                    faults.add(use.scheme() + " has no option " + option);
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    private static boolean means(EndpointOptionModel known, String option) {
        return known.isMultiValue() ? option.startsWith(known.getPrefix()) : option.equals(known.getName());
    }

    /** What the template or its beans read of the config is declared, and what is declared is read. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void usesWhatItDeclaresAndDeclaresWhatItUses(Path file) throws Exception {
        ConnectorType type = read(file);
        Set<String> declared = new TreeSet<>();
        type.configSchema().path("properties").fieldNames().forEachRemaining(declared::add);

        Set<String> used = new TreeSet<>();
        Matcher uses = CONFIG_USE.matcher(type.kamelet().yaml());
        while (uses.find()) {
            used.add(uses.group(1));
        }
        if (type.kamelet().hasBeans()) {
            used.addAll(readByBeans(type));
        } else {
            HELD_BY_SERAI.stream().filter(declared::contains).forEach(used::add);
        }

        assertThat(used).isEqualTo(declared);
    }

    private static Set<String> readByBeans(ConnectorType type) throws Exception {
        Recorded config = new Recorded(type.configSchema());
        try (DefaultCamelContext camel = new DefaultCamelContext(false)) {
            camel.disableJMX();
            camel.getRegistry().bind("egressPolicy", new EgressPolicy(Settings.of(Map.of())));
            camel.start();
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(
                            type.kamelet().name() + ".kamelet.yaml",
                            type.kamelet().yaml()));
            TemplatedRouteBuilder.builder(camel, type.kamelet().templateId())
                    .parameter(Kamelet.ADDRESS, "lint")
                    .parameter(Kamelet.CONNECTOR_ID, "lint")
                    .bean(Kamelet.CONFIG, Map.class, config)
                    .add();
        }
        return config.read;
    }

    /** A config with made-up values that notes which of them are asked for. */
    private static final class Recorded extends HashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> read = new TreeSet<>();

        Recorded(JsonNode schema) {
            schema.path("properties").properties().forEach(entry -> {
                JsonNode property = entry.getValue();
                JsonNode value = property.has("default")
                        ? property.get("default")
                        : property.path("examples").path(0);
                if (!value.isMissingNode()) {
                    put(entry.getKey(), new ObjectMapper().convertValue(value, Object.class));
                }
            });
        }

        @Override
        public Object get(Object key) {
            read.add(String.valueOf(key));
            return super.get(key);
        }

        @Override
        public Object getOrDefault(Object key, Object other) {
            read.add(String.valueOf(key));
            return super.getOrDefault(key, other);
        }

        @Override
        public boolean containsKey(Object key) {
            read.add(String.valueOf(key));
            return super.containsKey(key);
        }
    }

    /** Else a model's name with a slash asks the source for something else, with the connector's credentials. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void checksWhatARequestBringsIntoAPath(Path file) throws Exception {
        List<String> paths = new ArrayList<>();
        List<String> checks = new ArrayList<>();
        collectPaths(KameletReader.yaml(Files.readString(file)).at("/spec/template"), paths, checks);

        for (String path : paths) {
            Matcher used = REQUEST_USE.matcher(path);
            while (used.find()) {
                assertThat(checks)
                        .as("a validate step for %s", used.group())
                        .anyMatch(check -> check.contains(used.group()));
            }
        }
    }

    private static void collectPaths(JsonNode node, List<String> paths, List<String> checks) {
        if (node.has("validate")) {
            checks.add(node.path("validate").toString());
        }
        if (Set.of("CamelHttpUri", "CamelHttpPath").contains(node.path("name").asText())) {
            paths.add(node.toString());
        }
        node.forEach(child -> collectPaths(child, paths, checks));
    }
}
