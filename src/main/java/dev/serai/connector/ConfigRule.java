package dev.serai.connector;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Fault;

/** What is wrong with a config that its type's JSON Schema cannot say? A bean of a family of connectors; dials nobody. */
public interface ConfigRule {

    /**
     * @param type the connector's, never an alias
     * @param config with defaults; secrets in the clear or as references
     * @return pointers are relative to the config; no message repeats a secret
     */
    List<Fault> faults(String type, ObjectNode config);
}
