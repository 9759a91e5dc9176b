package dev.serai.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;

import dev.serai.failure.Fault;

/** What is wrong with a value by its schema, in words for the person who sent it. Never repeats the value. */
final class SchemaFaults {
    private SchemaFaults() {}

    static List<Fault> of(JsonSchema schema, JsonNode value) {
        LinkedHashSet<Fault> faults = new LinkedHashSet<>();
        for (ValidationMessage message : schema.validate(value)) {
            faults.add(fault(message));
        }
        return List.copyOf(faults);
    }

    private static Fault fault(ValidationMessage message) {
        String pointer = message.getInstanceLocation().toString();
        JsonNode limit = message.getSchemaNode();
        return switch (message.getType()) {
            case "required" -> new Fault(pointer + "/" + escaped(message.getProperty()), "is required");
            case "additionalProperties" ->
                new Fault(pointer + "/" + escaped(message.getProperty()), "is not known here");
            case "type" -> new Fault(pointer, "must be " + types(limit));
            case "enum" -> new Fault(pointer, "must be one of " + values(limit));
            case "minLength" ->
                new Fault(
                        pointer,
                        limit.asInt() == 1 ? "must not be empty" : "must have at least " + limit + " characters");
            case "maxLength" -> new Fault(pointer, "must have at most " + limit + " characters");
            case "minItems" ->
                new Fault(pointer, limit.asInt() == 1 ? "must not be empty" : "must have at least " + limit + " items");
            case "maxItems" -> new Fault(pointer, "must have at most " + limit + " items");
            case "uniqueItems" -> new Fault(pointer, "must not name anything twice");
            case "minimum" -> new Fault(pointer, "must be at least " + limit);
            case "maximum" -> new Fault(pointer, "must be at most " + limit);
            case "pattern" -> new Fault(pointer, "must match " + limit.asText());
            case "oneOf", "anyOf" -> new Fault(pointer, "fits none of the forms that are allowed here");
            case "format" -> new Fault(pointer, "is not in the right format");
            default -> new Fault(pointer, "is not valid (" + message.getType() + ")");
        };
    }

    private static String types(JsonNode type) {
        return switch (type.asText()) {
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> "of another type";
        };
    }

    private static String values(JsonNode allowed) {
        List<String> values = new ArrayList<>();
        allowed.forEach(value -> values.add(value.asText()));
        return String.join(", ", values);
    }

    private static String escaped(String property) {
        return property.replace("~", "~0").replace("/", "~1");
    }
}
