package dev.serai.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;

import dev.serai.catalog.ConfigFaults;
import dev.serai.failure.Fault;

/** What is wrong with a value by a schema of the OpenAPI file. */
final class SchemaFaults {
    private SchemaFaults() {}

    static List<Fault> of(JsonSchema schema, JsonNode value) {
        Set<Fault> faults = new LinkedHashSet<>();
        schema.validate(value).forEach(message -> faults.add(ConfigFaults.of(message, schema.getSchemaNode())));
        return List.copyOf(faults);
    }
}
