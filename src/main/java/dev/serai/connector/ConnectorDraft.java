package dev.serai.connector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.catalog.ConnectorType;
import dev.serai.metadata.Ids;

/**
 * A connector to be made, as it would be kept.
 *
 * @param type empty where the catalog has no such type
 * @param config with defaults, and with secrets in the clear
 */
record ConnectorDraft(
        String name,
        Optional<ConnectorType> type,
        String description,
        ObjectNode config,
        List<String> outputSchemas,
        Schedule schedule) {

    /** The first revision, under a new id. */
    Connector connector(String project, SplitConfig split, boolean enabled, @Nullable String discovery, Instant now) {
        return new Connector(
                Ids.next("con"),
                project,
                ConnectorNames.slug(name),
                name,
                type.orElseThrow().type(),
                description,
                split.open(),
                split.secretNames(),
                outputSchemas,
                enabled,
                schedule.cron(),
                schedule.mode(),
                schedule.timezone(),
                schedule.watermarkColumn(),
                discovery,
                1,
                now,
                now);
    }

    /** Without the config: it has secrets. */
    @Override
    public String toString() {
        return "ConnectorDraft[" + name + "]";
    }
}
