package dev.serai.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;

import dev.serai.failure.Fault;
import dev.serai.failure.SimilarName;
import dev.serai.reference.SecretReference;

/** How is a schema violation told to the person who wrote the config? Never with the value itself, it may be a secret. */
public final class ConfigFaults {
    private static final Map<String, String> TYPES = Map.of(
            "string", "text",
            "integer", "a whole number",
            "number", "a number",
            "boolean", "true or false",
            "object", "an object",
            "array", "a list");
    private static final Map<String, String> FORMATS = Map.of(
            "uri", "a URL",
            "hostname", "a host name",
            "email", "an e-mail address",
            "date-time", "a time such as 2026-01-31T12:00:00Z",
            "regex", "a regular expression");

    private ConfigFaults() {}

    public static Fault of(ValidationMessage message, JsonNode schema) {
        String at = message.getInstanceLocation().toString();
        JsonNode rule = message.getSchemaNode();
        String property = message.getProperty() == null ? "" : message.getProperty();
        return switch (message.getType()) {
            case "required" -> new Fault(at + "/" + escaped(property), "is required");
            case "dependentRequired" ->
                // The property is the one that is there; the first argument is the one that is not.
                new Fault(
                        at + "/" + escaped(String.valueOf(message.getArguments()[0])),
                        "is required together with " + property);
            case "additionalProperties", "unevaluatedProperties" ->
                new Fault(at + "/" + escaped(property), "no such property" + suggestion(at, property, schema));
            case "type" -> new Fault(at, "must be " + type(rule));
            case "enum" -> new Fault(at, "must be one of " + words(rule));
            case "const" -> new Fault(at, "must be " + rule.asText());
            case "minimum" -> new Fault(at, "must be at least " + rule.asText());
            case "maximum" -> new Fault(at, "must be at most " + rule.asText());
            case "exclusiveMinimum" -> new Fault(at, "must be more than " + rule.asText());
            case "exclusiveMaximum" -> new Fault(at, "must be less than " + rule.asText());
            case "minLength" -> new Fault(at, shorter(rule.asInt(), "characters"));
            case "maxLength" -> new Fault(at, "must have at most " + rule.asText() + " characters");
            case "minItems" -> new Fault(at, shorter(rule.asInt(), "entries"));
            case "maxItems" -> new Fault(at, "must have at most " + rule.asText() + " entries");
            case "uniqueItems" -> new Fault(at, "must not have the same entry twice");
            case "format" ->
                new Fault(at, "must be " + FORMATS.getOrDefault(rule.asText(), "a valid " + rule.asText()));
            case "pattern" -> new Fault(at, pattern(at, rule, schema));
            case "oneOf", "anyOf" -> new Fault(at, "fits none, or more than one, of the allowed forms");
            case "not" -> new Fault(at, "has a combination that is not allowed");
            default -> new Fault(at, "does not fit its rule '" + message.getType() + "'");
        };
    }

    private static String type(JsonNode rule) {
        if (rule.toString().equals(ConfigSchemas.SECRET_TYPES)) {
            return "text, or a reference such as {\"$ref\": \"env:DB_PASSWORD\"}";
        }
        List<String> names = new ArrayList<>();
        if (rule.isArray()) {
            rule.forEach(name -> names.add(TYPES.getOrDefault(name.asText(), name.asText())));
        } else {
            names.add(TYPES.getOrDefault(rule.asText(), rule.asText()));
        }
        return String.join(" or ", names);
    }

    private static String words(JsonNode rule) {
        List<String> words = new ArrayList<>();
        rule.forEach(word -> words.add(word.asText()));
        return String.join(", ", words);
    }

    private static String shorter(int least, String what) {
        return least == 1 ? "must not be empty" : "must have at least " + least + " " + what;
    }

    /** A Kamelet can say in {@code x-pattern-hint} what a pattern means. */
    private static String pattern(String at, JsonNode rule, JsonNode schema) {
        if (at.endsWith("/" + SecretReference.KEY)) {
            return "must be a source and a name, such as env:DB_PASSWORD";
        }
        JsonNode hint =
                schema.path("properties").path(at.replaceFirst("^/", "")).path("x-pattern-hint");
        return hint.isMissingNode() ? "must match " + rule.asText() : "must be " + hint.asText();
    }

    private static String suggestion(String at, String property, JsonNode schema) {
        if (!at.isEmpty()) {
            return "";
        }
        List<String> known = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(known::add);
        return EndpointOptions.suggestion(SimilarName.of(property, known));
    }

    private static String escaped(String property) {
        return property.replace("~", "~0").replace("/", "~1");
    }
}
