package dev.serai.connector;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A connector to be made, as it was asked for and not yet checked.
 *
 * @param type a type or one of its aliases
 * @param config with secrets in the clear
 */
public record NewConnector(
        String name,
        String type,
        @Nullable String description,
        ObjectNode config,
        List<String> outputSchemas,
        boolean enabled) {
    public NewConnector {
        outputSchemas = List.copyOf(outputSchemas);
    }

    /** Without the config: it has secrets. */
    @Override
    public String toString() {
        return "NewConnector[name=" + name + ", type=" + type + "]";
    }
}
