package dev.serai.api;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import org.jspecify.annotations.Nullable;

/** The examples of an OpenAPI file: those that are written there, and what follows from them. */
final class OpenApiExamples {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V4, builder -> builder.metaSchema(JsonMetaSchema.builder(OpenApi30.getInstance())
                            .keyword(new NonValidationKeyword("components"))
                            .build())
                    .defaultMetaSchemaIri(OpenApi30.getInstance().getIri()));

    private final JsonNode file;

    OpenApiExamples(JsonNode file) {
        this.file = file;
    }

    /** The schema's example, or one of the examples of its parts; null where there is none. */
    @Nullable
    JsonNode of(JsonNode schema) {
        if (schema.has("$ref")) {
            return of(file.at(schema.path("$ref").asText().substring(1)));
        }
        if (schema.has("example")) {
            return schema.path("example");
        }
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (schema.path("nullable").asBoolean()) {
            return json.nullNode();
        }
        if (schema.path("type").asText().equals("array")) {
            JsonNode item = of(schema.path("items"));
            return item == null ? null : json.arrayNode().add(item);
        }
        return schema.has("properties") ? parts(schema) : null;
    }

    private @Nullable JsonNode parts(JsonNode schema) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (JsonNode name : schema.path("required")) {
            JsonNode part = of(schema.path("properties").path(name.asText()));
            if (part == null) {
                return null;
            }
            object.set(name.asText(), part);
        }
        return object.isEmpty() ? null : object;
    }

    List<String> faults(JsonNode schema, JsonNode example) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("allOf").add(schema);
        document.set("components", file.path("components"));
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(true)
                .build();
        return SCHEMAS.getSchema(document, config).validate(example).stream()
                .map(ValidationMessage::toString)
                .toList();
    }
}
