package dev.serai.connector;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.catalog.ConnectorType;
import dev.serai.metadata.Json;
import dev.serai.reference.SecretReference;

/** Which fields of a connector are others than before? By name; of values only references to secrets are told. */
final class ChangedFields {
    private ChangedFields() {}

    static ObjectNode ofNew(Connector connector) {
        Set<String> fields = new TreeSet<>();
        connector.config().fieldNames().forEachRemaining(name -> fields.add("config." + name));
        connector.secrets().forEach(name -> fields.add("config." + name));
        ObjectNode details = Json.newObject().put("type", connector.type());
        fields.forEach(details.putArray("fields")::add);
        return withReferences(details, Json.newObject(), connector.config());
    }

    static ObjectNode of(Connector before, Connector after, Collection<String> secrets) {
        Set<String> fields = new TreeSet<>();
        note(fields, "name", before.name(), after.name());
        note(fields, "description", before.description(), after.description());
        note(fields, "output_schemas", before.outputSchemas(), after.outputSchemas());
        note(fields, "enabled", before.enabled(), after.enabled());
        note(fields, "schedule_cron", before.scheduleCron(), after.scheduleCron());
        note(fields, "schedule_mode", before.scheduleMode(), after.scheduleMode());
        note(fields, "schedule_timezone", before.scheduleTimezone(), after.scheduleTimezone());
        note(fields, "watermark_column", before.watermarkColumn(), after.watermarkColumn());
        differing(before.config(), after.config()).forEach(name -> fields.add("config." + name));
        secrets.forEach(name -> fields.add("config." + name));
        ObjectNode details = Json.newObject();
        fields.forEach(details.putArray("fields")::add);
        return withReferences(details, before.config(), after.config());
    }

    /** The names of secrets that a change sets, replaces or clears. */
    static Set<String> secrets(ConnectorType type, ObjectNode before, ObjectNode after) {
        Set<String> names = differing(before, after);
        names.removeIf(name -> !type.isSecret(name));
        return names;
    }

    private static Set<String> differing(ObjectNode before, ObjectNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> before.path(name).equals(after.path(name)));
        return names;
    }

    private static void note(Set<String> fields, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            fields.add(name);
        }
    }

    private static ObjectNode withReferences(ObjectNode details, ObjectNode before, ObjectNode after) {
        ObjectNode references = Json.newObject();
        differing(before, after).forEach(name -> SecretReference.of(after.path(name))
                .ifPresent(reference -> references.put(name, reference.toString())));
        return references.isEmpty() ? details : details.set("references", references);
    }
}
