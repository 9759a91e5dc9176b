package dev.serai.connector;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.metadata.Json;

/**
 * What a config becomes by a merge patch (RFC 7396), and whether its stored secrets may come along: an absent or masked
 * secret is kept, {@code null} clears it, and none is kept where the config's destination changes.
 */
final class ConfigChange {
    private final ConnectorType type;
    private final ConfigValidator validator;
    private final Destinations destinations;

    ConfigChange(ConnectorType type, ConfigValidator validator, Destinations destinations) {
        this.type = type;
        this.validator = validator;
        this.destinations = destinations;
    }

    /** The config of a new connector, with defaults; there is nothing that a mask could stand for. */
    ObjectNode create(ObjectNode given, Faults faults) {
        given.properties().forEach(entry -> {
            if (isMask(entry)) {
                faults.add("/config/" + entry.getKey(), "is what stands for a secret, not the secret");
            }
        });
        return validated(given, faults);
    }

    /**
     * The config after a change, with defaults.
     *
     * @param stored with secrets in the clear
     */
    ObjectNode merge(ObjectNode stored, ObjectNode patch, Faults faults) {
        ObjectNode change = patch.deepCopy();
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            if (isMask(entry)) {
                change.remove(entry.getKey());
                if (!stored.has(entry.getKey())) {
                    faults.add("/config/" + entry.getKey(), "is what stands for a stored secret, but none is stored");
                }
            }
        }
        ObjectNode merged = stored.deepCopy();
        // A reference is a value: it replaces another, and is not merged into it.
        change.fieldNames().forEachRemaining(name -> {
            if (type.isSecret(name)) {
                merged.remove(name);
            }
        });
        apply(merged, change);
        ObjectNode after = validated(merged, faults);
        ObjectNode before = validator.validate(type, stored).config();
        if (destinationDiffers(before, after)) {
            stored.fieldNames().forEachRemaining(name -> {
                if (type.isSecret(name) && !change.has(name)) {
                    faults.add(
                            "secret_required",
                            "/config/" + name,
                            "has to be given again, because the change says where it is sent");
                }
            });
        }
        return after;
    }

    private ObjectNode validated(ObjectNode config, Faults faults) {
        ConfigValidator.Validated validated = validator.validate(type, config);
        validated.errors().forEach(fault -> faults.add("/config" + fault.pointer(), fault.message()));
        destinations.check(type, validated.config(), faults);
        return validated.config();
    }

    private boolean destinationDiffers(ObjectNode before, ObjectNode after) {
        return !destination(before).equals(destination(after));
    }

    /** Through text, so that numbers are equal whatever class holds them. */
    private ObjectNode destination(ObjectNode config) {
        ObjectNode destination = Json.newObject();
        config.properties().forEach(entry -> {
            if (type.isDestination(entry.getKey())) {
                destination.set(entry.getKey(), entry.getValue());
            }
        });
        return Json.object(Json.write(destination));
    }

    /** The secrets that a patch gives or clears, so that the stored ones do not matter. */
    static Set<String> replaced(ConnectorType type, ObjectNode patch) {
        return patch.properties().stream()
                .filter(entry -> type.isSecret(entry.getKey()) && !isMask(type, entry))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private boolean isMask(Map.Entry<String, JsonNode> entry) {
        return isMask(type, entry);
    }

    private static boolean isMask(ConnectorType type, Map.Entry<String, JsonNode> entry) {
        return type.isSecret(entry.getKey())
                && ConfigValidator.MASK.equals(entry.getValue().textValue());
    }

    private static void apply(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value instanceof ObjectNode change) {
                ObjectNode inner = target.get(entry.getKey()) instanceof ObjectNode present
                        ? present
                        : target.putObject(entry.getKey());
                apply(inner, change);
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        });
    }
}
