package dev.serai.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.ValidationMessage;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import dev.serai.failure.Fault;
import dev.serai.reference.ReferenceRules;
import dev.serai.reference.SecretReference;

/** Checks a config against its type's schema: all faults at once. */
@Component
public class ConfigValidator {
    /** What stands for a secret that is set, in answers and in requests that keep it. */
    public static final String MASK = "********";

    private static final Pattern USER_INFO = Pattern.compile("^(\\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\\\]{2})[^/\\\\?#]*@");

    private final ReferenceRules references;

    @Autowired
    public ConfigValidator(ReferenceRules references) {
        this.references = references;
    }

    /** One that allows no references. */
    public ConfigValidator() {
        this(ReferenceRules.NONE);
    }

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
        complete.properties().forEach(entry -> reference(type, entry)
                .flatMap(references::refusal)
                .ifPresent(why -> faults.add(new Fault("/" + entry.getKey() + "/" + SecretReference.KEY, why))));
        List<Fault> sorted = new ArrayList<>(faults);
        sorted.sort(Comparator.comparing(Fault::pointer));
        return new Validated(complete, sorted);
    }

    /** The reference that a secret's place in a config has instead of the secret, if it has. */
    public static Optional<SecretReference> reference(ConnectorType type, Map.Entry<String, JsonNode> property) {
        return type.isSecret(property.getKey()) ? SecretReference.of(property.getValue()) : Optional.empty();
    }

    /** The config with every set secret as {@code "********"}; a reference is none and stays. */
    public ObjectNode mask(ConnectorType type, ObjectNode config) {
        ObjectNode masked = config.deepCopy();
        config.properties().forEach(entry -> {
            if (type.isSecret(entry.getKey())
                    && !entry.getValue().isNull()
                    && SecretReference.of(entry.getValue()).isEmpty()) {
                masked.put(entry.getKey(), MASK);
            } else {
                masked.set(entry.getKey(), withoutUserInfo(entry.getValue()));
            }
        });
        return masked;
    }

    private static JsonNode withoutUserInfo(JsonNode value) {
        JsonNode copy = value.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(withoutUserInfo(entry.getValue())));
        } else if (copy instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutUserInfo(array.get(i)));
            }
        } else if (copy.isTextual()) {
            return TextNode.valueOf(USER_INFO.matcher(copy.textValue()).replaceFirst("$1" + MASK + "@"));
        }
        return copy;
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
