package dev.serai.connector;

import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.catalog.ConnectorType;
import dev.serai.metadata.Json;
import dev.serai.reference.SecretReference;

/** A config in two parts: what anyone may read, references to secrets included, and the secrets that are sealed. */
record SplitConfig(ObjectNode open, ObjectNode secrets) {

    static SplitConfig of(ConnectorType type, ObjectNode config) {
        ObjectNode open = Json.newObject();
        ObjectNode secrets = Json.newObject();
        config.properties().forEach(entry -> {
            boolean sealed = type.isSecret(entry.getKey())
                    && SecretReference.of(entry.getValue()).isEmpty();
            ObjectNode part = sealed ? secrets : open;
            part.set(entry.getKey(), entry.getValue());
        });
        // Through text: what is answered right after storing is what will be read back.
        return new SplitConfig(Json.object(Json.write(open)), secrets);
    }

    Set<String> secretNames() {
        Set<String> names = new TreeSet<>();
        secrets.fieldNames().forEachRemaining(names::add);
        return Set.copyOf(names);
    }

    @Override
    public String toString() {
        return "SplitConfig" + secretNames();
    }
}
