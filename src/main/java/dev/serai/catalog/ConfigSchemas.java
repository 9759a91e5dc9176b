package dev.serai.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;

import dev.serai.reference.SecretReference;

/** Which JSON Schema does a Kamelet's definition stand for? */
final class ConfigSchemas {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    /** Of a secret, as JSON. */
    static final String SECRET_TYPES = "[\"string\",\"object\"]";

    private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean", "object", "array");
    private static final Pattern OWN_PROPERTY = Pattern.compile("/properties/[^/]*");
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final SchemaValidatorsConfig SETTINGS = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(new SchemaPatterns())
            .errorMessageKeyword("x-message")
            .build();

    private ConfigSchemas() {}

    static JsonSchema compile(JsonNode schema) {
        return FACTORY.getSchema(schema, SETTINGS);
    }

    /** What is wrong with a schema itself. */
    static List<String> faults(JsonNode schema) {
        return FACTORY.getSchema(SchemaLocation.of(DIALECT), SETTINGS).validate(schema).stream()
                .map(message -> "at '" + message.getInstanceLocation() + "': " + message.getMessage())
                .toList();
    }

    static JsonNode of(JsonNode definition, List<String> reasons) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", DIALECT);
        if (definition instanceof ObjectNode given) {
            schema.setAll(given.deepCopy());
        }
        refuseNested(schema, "", reasons);
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.withObject("/properties");
        int order = 0;
        for (Map.Entry<String, JsonNode> entry : properties.properties()) {
            if (entry.getValue() instanceof ObjectNode property) {
                complete(entry.getKey(), property, order++, reasons);
            } else {
                reasons.add("the property " + entry.getKey() + " is not an object");
            }
        }
        for (JsonNode name : schema.path("required")) {
            if (!properties.has(name.asText())) {
                reasons.add("required names " + name.asText() + ", which is no property");
            }
        }
        faults(schema).forEach(fault -> reasons.add("spec.definition is not a JSON Schema: " + fault));
        return schema;
    }

    /** Sealing, masking and the rule for destinations know a config's own properties, not what lies deeper. */
    private static void refuseNested(JsonNode node, String pointer, List<String> reasons) {
        if (!OWN_PROPERTY.matcher(pointer).matches()
                && (node.path("writeOnly").asBoolean()
                        || node.path("x-destination").asBoolean()
                        || "password".equals(node.path("format").asText()))) {
            reasons.add(
                    "at '" + pointer + "': only a property of the definition itself can be a secret or x-destination");
        }
        node.properties()
                .forEach(entry -> refuseNested(
                        entry.getValue(),
                        pointer + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                        reasons));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            refuseNested(node.path(i), pointer + "/" + i, reasons);
        }
    }

    /** What is said of text (its length, its pattern) holds for text only, and what is said here for objects only. */
    private static void offerReference(ObjectNode secret) {
        secret.putArray("type").add("string").add("object");
        ObjectNode reference = secret.putObject("properties").putObject(SecretReference.KEY);
        reference.put("type", "string");
        reference.put("title", "Reference");
        reference.put("description", "Where the secret lies, such as env:DB_PASSWORD or file:/run/secrets/db.");
        reference.put("pattern", SecretReference.FORM);
        reference.put("maxLength", SecretReference.MAX_LENGTH);
        secret.putArray("required").add(SecretReference.KEY);
        secret.put("additionalProperties", false);
    }

    private static void complete(String name, ObjectNode property, int order, List<String> reasons) {
        if (!TYPES.contains(property.path("type").asText())) {
            reasons.add("the property " + name + " needs a type: " + String.join(", ", TYPES));
        }
        if (!property.has("title")) {
            property.put("title", name);
        }
        if (property.has("example")) {
            property.putArray("examples").add(property.remove("example"));
        }
        if ("password".equals(property.path("format").asText())) {
            property.put("writeOnly", true);
        } else if (property.path("writeOnly").asBoolean()) {
            property.put("format", "password");
        }
        property.remove("x-descriptors");
        if (property.path("writeOnly").asBoolean()
                && "string".equals(property.path("type").asText())) {
            offerReference(property);
        }
        if (!property.has("x-order")) {
            property.put("x-order", order);
        }
        if (property.path("writeOnly").asBoolean() && property.has("default")) {
            reasons.add("the property " + name + " is secret and must not have a default");
        }
    }
}
