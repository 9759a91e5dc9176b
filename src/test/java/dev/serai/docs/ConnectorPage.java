package dev.serai.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.catalog.ConnectorType;

/** Writes the page of a connector type from what its Kamelet declares. */
final class ConnectorPage {
    private static final Map<String, String> PROOF = Map.of(
            "real", "Every capability is tested against the real system.",
            "double", "Tested against a double of the service's protocol, not against the service itself.",
            "dialect", "Only its SQL is tested; no server of this kind was at hand.");

    private ConnectorPage() {}

    static String of(ConnectorType type) {
        var lines = new ArrayList<String>();
        lines.add("# " + type.title());
        lines.add("");
        lines.add("<!-- Generated from kamelets/" + type.kamelet().name() + ".kamelet.yaml; see CONTRIBUTING.md. -->");
        lines.add("");
        lines.add(type.description());
        lines.add("");
        lines.add("| | |");
        lines.add("| --- | --- |");
        lines.add("| type | `" + type.type() + "`" + aliases(type) + " |");
        lines.add("| category | " + type.category() + " |");
        lines.add("| queryable | " + (type.queryable() ? "yes" : "no") + " |");
        lines.add("| operations | "
                + type.capabilities().stream().sorted().map(ConnectorPage::code).collect(Collectors.joining(", "))
                + " |");
        lines.add("| verified | " + PROOF.get(type.verifiedAgainst()) + " |");
        String types = type.type() + "-types.md";
        if (Files.exists(Path.of("docs", types))) {
            lines.add("| types | [what each becomes in a dataset](../" + types + ") |");
        }
        String watermarks = type.type() + "-watermarks.md";
        if (Files.exists(Path.of("docs", watermarks))) {
            lines.add("| incremental syncs | [which watermarks serve](../" + watermarks + ") |");
        }
        lines.add("");
        lines.add("## Config");
        lines.add("");
        lines.add("| property | type | default | meaning |");
        lines.add("| --- | --- | --- | --- |");
        lines.addAll(properties(type));
        if (!type.actions().isEmpty()) {
            lines.add("");
            lines.add("## Actions");
            lines.add("");
            type.actions().forEach(action -> lines.add("- `" + action.name() + "`: " + action.description()));
        }
        lines.add("");
        return String.join("\n", lines);
    }

    private static String aliases(ConnectorType type) {
        return type.aliases().isEmpty()
                ? ""
                : ", also " + type.aliases().stream().map(ConnectorPage::code).collect(Collectors.joining(", "));
    }

    private static List<String> properties(ConnectorType type) {
        JsonNode schema = type.configSchema();
        List<String> required = StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        var rows = new ArrayList<String>();
        schema.path("properties").fields().forEachRemaining(property -> {
            String name = property.getKey();
            JsonNode declared = property.getValue();
            rows.add("| " + (required.contains(name) ? "**" + code(name) + "**" : code(name)) + " | " + kind(declared)
                    + " | "
                    + (declared.has("default") ? code(declared.get("default").asText()) : "") + " | "
                    + meaning(declared) + " |");
        });
        return rows;
    }

    private static String kind(JsonNode property) {
        if (property.path("writeOnly").asBoolean()) {
            return "secret";
        }
        if (property.has("enum")) {
            return StreamSupport.stream(property.get("enum").spliterator(), false)
                    .map(value -> code(value.asText()))
                    .collect(Collectors.joining(", "));
        }
        return property.path("type").asText();
    }

    private static String meaning(JsonNode property) {
        String text =
                property.path("description").asText().strip().replace("\n", " ").replace("|", "\\|");
        return property.path("x-destination").asBoolean() ? text + " Changing it needs the secrets again." : text;
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
