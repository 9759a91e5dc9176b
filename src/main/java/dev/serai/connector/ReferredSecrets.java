package dev.serai.connector;

import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.reference.SecretSources;

/** What is a config once its references are followed? For the connector's own route only, at the moment it is built. */
record ReferredSecrets(SecretSources sources, ConfigValidator validator) {

    /** @throws FailureException where a reference leads to nothing, or to what the type does not take */
    ObjectNode resolved(ConnectorType type, ObjectNode config) {
        ObjectNode resolved = config.deepCopy();
        config.properties().forEach(property -> ConfigValidator.reference(type, property)
                .ifPresent(reference -> resolved.put(property.getKey(), sources.resolve(reference))));
        if (!resolved.equals(config)) {
            check(type, config, resolved);
        }
        return resolved;
    }

    /** Only what the references brought: the rest was checked when it was stored. */
    private void check(ConnectorType type, ObjectNode config, ObjectNode resolved) {
        String faults = validator.validate(type, resolved).errors().stream()
                .filter(fault -> config.at(fault.pointer()).isObject())
                .map(fault -> fault.pointer().substring(1) + " " + fault.message())
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.CONFIG,
                    "reference_unfit",
                    "What a reference leads to does not fit: " + faults + ".",
                    false));
        }
    }
}
