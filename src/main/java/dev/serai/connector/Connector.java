package dev.serai.connector;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A configured connector, without its secrets.
 *
 * @param config what is not secret
 * @param secrets the names of the secrets that are set
 * @param revision counts changes of what the connector's route is built from
 * @param discovery {@code pending}, {@code done}, {@code failed}, or null where no background discovery was asked for
 */
public record Connector(
        String id,
        String project,
        String slug,
        String name,
        String type,
        String description,
        ObjectNode config,
        Set<String> secrets,
        List<String> outputSchemas,
        boolean enabled,
        @Nullable String scheduleCron,
        @Nullable String scheduleMode,
        @Nullable String scheduleTimezone,
        @Nullable String watermarkColumn,
        @Nullable String discovery,
        long revision,
        Instant createdAt,
        Instant updatedAt) {}
