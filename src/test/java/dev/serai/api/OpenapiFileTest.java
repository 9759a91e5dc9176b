package dev.serai.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The OpenAPI file is one by others' rules, and says of problems what the sources say. */
class OpenapiFileTest {
    /** The status of each kind of failure; a source is too slow by its code {@code timeout}. */
    private static final Map<String, Integer> STATUS = Map.ofEntries(
            Map.entry("Invalid", 422),
            Map.entry("Unreadable", 400),
            Map.entry("Missing", 404),
            Map.entry("Conflict", 409),
            Map.entry("Unauthorized", 401),
            Map.entry("Forbidden", 403),
            Map.entry("TooLarge", 413),
            Map.entry("Busy", 429),
            Map.entry("Exhausted", 503),
            Map.entry("Source", 502),
            Map.entry("TimedOut", 504),
            Map.entry("DiskFull", 507),
            Map.entry("Cancelled", 409),
            Map.entry("Internal", 500));

    /** With these Serai does not start. */
    private static final Set<String> AT_START = Set.of(
            "bad_setting",
            "bad_settings",
            "bad_sign_key",
            "wrong_sign_key",
            "metadata_in_use",
            "metadata_unreachable",
            "metadata_unusable");

    private static String text;
    private static JsonNode file;

    @BeforeAll
    static void read() throws IOException {
        text = new ClassPathResource(Contract.FILE).getContentAsString(StandardCharsets.UTF_8);
        file = new YAMLMapper().readTree(text);
    }

    @Test
    void isValidByTheStrictRulesOfAParserThatIsNotOurs() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setValidateExternalRefs(true);
        options.setValidateInternalRefs(true);
        options.setOaiAuthor(false);
        SwaggerParseResult result = new OpenAPIParser().readContents(text, null, options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).hasSizeGreaterThan(20);
    }

    /** A page is an example where its items have one. */
    @ParameterizedTest
    @MethodSource("contents")
    void hasAnExampleOfEveryBodyThatFitsItsSchema(String where, JsonNode schema) {
        OpenApiExamples examples = new OpenApiExamples(file);
        JsonNode example = examples.of(schema);
        assertThat(example).as("example of " + where).isNotNull();
        assertThat(examples.faults(schema, example))
                .as("faults of the example of " + where)
                .isEmpty();
    }

    static Stream<Arguments> contents() {
        List<Arguments> contents = new ArrayList<>();
        file.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> operation.getValue().has("operationId"))
                .forEach(operation -> {
                    JsonNode node = operation.getValue();
                    String id = node.path("operationId").asText();
                    contents(id + " request", node.path("requestBody"), contents);
                    node.path("responses")
                            .properties()
                            .forEach(response -> contents(id + " " + response.getKey(), response.getValue(), contents));
                }));
        return contents.stream();
    }

    private static void contents(String where, JsonNode owner, List<Arguments> contents) {
        JsonNode resolved =
                owner.has("$ref") ? file.at(owner.path("$ref").asText().substring(1)) : owner;
        resolved.path("content").properties().stream()
                .filter(content ->
                        !content.getValue().at("/schema/format").asText().equals("binary"))
                .forEach(content -> contents.add(Arguments.of(
                        where + " " + content.getKey(), content.getValue().path("schema"))));
    }

    private static Map<String, Integer> documented() {
        Map<String, Integer> codes = new TreeMap<>();
        file.at("/components/schemas/Problem/properties/code/x-codes")
                .properties()
                .forEach(code ->
                        codes.put(code.getKey(), code.getValue().path("status").asInt()));
        return codes;
    }

    @Test
    void hasEveryCodeOfAProblemAndNoOther() {
        Set<String> inSources = CodesInSources.found().keySet().stream()
                .filter(code -> !AT_START.contains(code))
                .collect(Collectors.toSet());
        Set<String> documented = documented().keySet();
        assertThat(inSources)
                .as("in the sources, not in the file")
                .filteredOn(code -> !documented.contains(code))
                .isEmpty();
        assertThat(documented)
                .as("in the file, not in the sources")
                .filteredOn(code -> !inSources.contains(code))
                .isEmpty();
    }

    @Test
    void hasTheOneStatusThatEachCodeComesWith() {
        Map<String, Integer> documented = documented();
        List<String> contradictions = new ArrayList<>();
        CodesInSources.found()
                .forEach((code, kinds) -> kinds.forEach(kind -> {
                    int status = kind.equals("Source") && code.equals("timeout") ? 504 : STATUS.get(kind);
                    if (!AT_START.contains(code) && documented.getOrDefault(code, 0) != status) {
                        contradictions.add(code + " is documented with " + documented.get(code) + " and is a " + kind);
                    }
                }));
        assertThat(contradictions).isEmpty();
    }
}
