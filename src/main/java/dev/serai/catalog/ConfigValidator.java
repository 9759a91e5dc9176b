package dev.serai.catalog;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Fault;

/** Checks a config against its type's schema: all faults at once. */
public class ConfigValidator {

    /**
     * @param config with secrets in the clear
     * @param errors pointers are relative to the config: {@code /port}
     */
    public record Validated(ObjectNode config, List<Fault> errors) {}

    /** The config with defaults filled in, and what is wrong with it. Values in messages are never a secret's. */
    public Validated validate(ConnectorType type, ObjectNode config) {
        throw new UnsupportedOperationException();
    }

    /** The config with every set secret as {@code "********"}. */
    public ObjectNode mask(ConnectorType type, ObjectNode config) {
        throw new UnsupportedOperationException();
    }
}
