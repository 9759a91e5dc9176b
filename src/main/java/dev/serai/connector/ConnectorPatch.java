package dev.serai.connector;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a connector's own fields become by a merge patch; the config is {@link ConfigChange}'s. */
record ConnectorPatch(String name, String description, List<String> outputSchemas, boolean enabled, Schedule schedule) {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "type",
            "description",
            "config",
            "output_schemas",
            "enabled",
            "schedule_cron",
            "schedule_mode",
            "schedule_timezone",
            "watermark_column");

    static ConnectorPatch of(Connector connector, ObjectNode patch, Faults faults) {
        patch.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                faults.add("/" + field.replace("~", "~0").replace("/", "~1"), "cannot be changed");
            }
        });
        String name = ConnectorRules.text(patch, "name", connector.name(), faults);
        if (name == null) {
            faults.add("/name", "must not be empty");
        }
        return new ConnectorPatch(
                name == null ? connector.name() : ConnectorRules.name(name, faults),
                ConnectorRules.description(
                        ConnectorRules.text(patch, "description", connector.description(), faults), faults),
                ConnectorRules.outputSchemas(
                        ConnectorRules.texts(patch, "output_schemas", connector.outputSchemas(), faults), faults),
                ConnectorRules.flag(patch, "enabled", connector.enabled(), faults),
                ConnectorRules.schedule(schedule(connector, patch, faults), faults));
    }

    /** The config's part of the patch, or null where it has none. */
    static @Nullable ObjectNode config(ObjectNode patch, Faults faults) {
        JsonNode config = patch.get("config");
        if (config instanceof ObjectNode object) {
            return object;
        }
        if (config != null) {
            faults.add("/config", "must be an object");
        }
        return null;
    }

    private static Schedule schedule(Connector connector, ObjectNode patch, Faults faults) {
        return new Schedule(
                ConnectorRules.text(patch, "schedule_cron", connector.scheduleCron(), faults),
                ConnectorRules.text(patch, "schedule_mode", connector.scheduleMode(), faults),
                ConnectorRules.text(patch, "schedule_timezone", connector.scheduleTimezone(), faults),
                ConnectorRules.text(patch, "watermark_column", connector.watermarkColumn(), faults));
    }

    Connector applied(Connector connector, ObjectNode config, Set<String> secrets, boolean rebuilt, Instant now) {
        return new Connector(
                connector.id(),
                connector.project(),
                connector.slug(),
                name,
                connector.type(),
                description,
                config,
                secrets,
                outputSchemas,
                enabled,
                schedule.cron(),
                schedule.mode(),
                schedule.timezone(),
                schedule.watermarkColumn(),
                connector.discovery(),
                connector.revision() + (rebuilt ? 1 : 0),
                connector.createdAt(),
                now);
    }
}
