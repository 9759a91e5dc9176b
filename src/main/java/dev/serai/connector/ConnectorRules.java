package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.schedule.Cron;

/** What a connector's own fields have to be, apart from its config. */
final class ConnectorRules {
    private static final int MAX_DESCRIPTION = 10_000;
    private static final int MAX_SCHEMAS = 1_000;
    private static final int MAX_SCHEMA_LENGTH = 255;
    private static final Set<String> MODES = Set.of("incremental", "full");

    private ConnectorRules() {}

    /** The name as it is kept. */
    static String name(String given, Faults faults) {
        String name = given.strip();
        ConnectorNames.fault(name).ifPresent(fault -> faults.add("/name", fault));
        return name;
    }

    static String description(@Nullable String given, Faults faults) {
        String description = given == null ? "" : given;
        if (description.length() > MAX_DESCRIPTION) {
            faults.add("/description", "must have at most " + MAX_DESCRIPTION + " characters");
        } else if (!Texts.isReadable(description)) {
            faults.add("/description", "must not have control characters");
        }
        return description;
    }

    static List<String> outputSchemas(List<String> given, Faults faults) {
        if (given.size() > MAX_SCHEMAS) {
            faults.add("/output_schemas", "must have at most " + MAX_SCHEMAS + " entries");
        }
        for (int i = 0; i < given.size(); i++) {
            String schema = given.get(i);
            if (schema.isBlank() || schema.length() > MAX_SCHEMA_LENGTH || !Texts.isOneLine(schema)) {
                faults.add("/output_schemas/" + i, "must be the name of a schema");
            }
        }
        return given.stream().distinct().toList();
    }

    static Schedule schedule(Schedule given, Faults faults) {
        Optional.ofNullable(given.cron()).flatMap(Cron::fault).ifPresent(fault -> faults.add("/schedule_cron", fault));
        if (given.mode() != null && !MODES.contains(given.mode())) {
            faults.add("/schedule_mode", "must be one of incremental, full");
        }
        Optional.ofNullable(given.timezone())
                .flatMap(Cron::zoneFault)
                .ifPresent(fault -> faults.add("/schedule_timezone", fault));
        String column = given.watermarkColumn();
        if (column != null && (column.isBlank() || column.length() > MAX_SCHEMA_LENGTH || !Texts.isOneLine(column))) {
            faults.add("/watermark_column", "must be the name of a column");
        }
        boolean timed = given.cron() != null;
        return new Schedule(
                timed ? String.valueOf(given.cron()).strip() : null,
                given.mode(),
                timed && given.timezone() == null ? "UTC" : given.timezone(),
                column);
    }

    /** A field of a merge patch: absent keeps the present value, null clears it. */
    static @Nullable String text(ObjectNode patch, String field, @Nullable String present, Faults faults) {
        JsonNode value = patch.get(field);
        if (value == null) {
            return present;
        }
        if (!value.isTextual() && !value.isNull()) {
            faults.add("/" + field, "must be text");
            return present;
        }
        return value.textValue();
    }

    static boolean flag(ObjectNode patch, String field, boolean present, Faults faults) {
        JsonNode value = patch.get(field);
        if (value == null) {
            return present;
        }
        if (!value.isBoolean()) {
            faults.add("/" + field, "must be true or false");
        }
        return value.booleanValue();
    }

    static List<String> texts(ObjectNode patch, String field, List<String> present, Faults faults) {
        JsonNode value = patch.get(field);
        if (value == null) {
            return present;
        }
        if (value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            faults.add("/" + field, "must be a list");
            return present;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (value.path(i).isTextual()) {
                texts.add(value.path(i).textValue());
            } else {
                faults.add("/" + field + "/" + i, "must be text");
            }
        }
        return texts;
    }
}
