package dev.serai.catalog;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A connector type, as its Kamelet declares it.
 *
 * @param type the Kamelet's name with {@code _}
 * @param capabilities the operations its route answers
 * @param verifiedAgainst {@code real}, {@code double} or {@code dialect}; null where the Kamelet does not tell
 * @param configSchema JSON Schema 2020-12 of the config, with {@code x-order}, {@code x-group}, {@code x-destination};
 *     secrets have {@code writeOnly: true}
 */
public record ConnectorType(
        String type,
        String title,
        String description,
        String category,
        boolean queryable,
        List<String> aliases,
        String icon,
        Set<String> capabilities,
        List<ActionType> actions,
        @Nullable String verifiedAgainst,
        JsonNode configSchema,
        Kamelet kamelet) {

    public boolean isSecret(String property) {
        return configSchema.path("properties").path(property).path("writeOnly").asBoolean();
    }

    /** Whether the property says where a secret is sent: it may change only together with the secrets. */
    public boolean isDestination(String property) {
        return configSchema
                .path("properties")
                .path(property)
                .path("x-destination")
                .asBoolean();
    }
}
