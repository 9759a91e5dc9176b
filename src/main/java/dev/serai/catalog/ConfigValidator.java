package dev.serai.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ValidationMessage;
import org.springframework.stereotype.Component;

import dev.serai.failure.Fault;

/** Checks a config against its type's schema: all faults at once. */
@Component
public class ConfigValidator {
    /** What stands for a secret that is set, in answers and in requests that keep it. */
    public static final String MASK = "********";

    /**
     * @param config with secrets in the clear
     * @param errors pointers are relative to the config: {@code /port}
     */
    public record Validated(ObjectNode config, List<Fault> errors) {
        public Validated {
            errors = List.copyOf(errors);
        }

        /** Without the config's secrets. */
        @Override
        public String toString() {
            return "Validated[errors=" + errors + "]";
        }
    }

    /**
     * The config with defaults filled in, and what is wrong with it. A property that is null counts as absent. Values in
     * messages are never a secret's.
     */
    public Validated validate(ConnectorType type, ObjectNode config) {
        ObjectNode complete = config.deepCopy();
        fill(complete, type.configSchema());
        Set<Fault> faults = new LinkedHashSet<>();
        for (ValidationMessage message :
                ConfigSchemas.compile(type.configSchema()).validate(complete)) {
            faults.add(ConfigFaults.of(message, type.configSchema()));
        }
        List<Fault> sorted = new ArrayList<>(faults);
        sorted.sort(Comparator.comparing(Fault::pointer));
        return new Validated(complete, sorted);
    }

    /** The config with every set secret as {@code "********"}. */
    public ObjectNode mask(ConnectorType type, ObjectNode config) {
        ObjectNode masked = config.deepCopy();
        config.properties().forEach(entry -> {
            if (type.isSecret(entry.getKey()) && !entry.getValue().isNull()) {
                masked.put(entry.getKey(), MASK);
            }
        });
        return masked;
    }

    private static void fill(ObjectNode object, JsonNode schema) {
        Set<String> nulls = new LinkedHashSet<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                nulls.add(entry.getKey());
            }
        });
        object.remove(nulls);
        schema.path("properties").properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode property = entry.getValue();
            if (!object.has(name) && property.has("default")) {
                object.set(name, property.get("default").deepCopy());
            }
            JsonNode value = object.path(name);
            if (value instanceof ObjectNode inner) {
                fill(inner, property);
            }
            value.elements().forEachRemaining(element -> {
                if (value.isArray() && element instanceof ObjectNode inner) {
                    fill(inner, property.path("items"));
                }
            });
        });
    }
}
