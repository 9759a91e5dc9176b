package dev.serai.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.networknt.schema.JsonSchema;
import org.jspecify.annotations.Nullable;

import dev.serai.access.Role;

/**
 * One operation of the OpenAPI file.
 *
 * @param template the segments of its path
 * @param role the least role that may call it; null: no token needed
 * @param roleWithBody the least role that may call it with a body, where that is another
 * @param checkedByService whether what the routes call checks the whole body itself, so that its faults come at once
 * @param bodies the schema of the body by media type; empty: no body
 * @param answers the media types of its answer, preferred first; empty: no body
 */
record Operation(
        String id,
        String method,
        List<String> template,
        @Nullable Role role,
        @Nullable Role roleWithBody,
        List<Parameter> parameters,
        boolean bodyRequired,
        boolean checkedByService,
        Map<String, JsonSchema> bodies,
        List<String> answers) {

    /** A query or header parameter. */
    record Parameter(String name, String in, boolean required, String type, JsonSchema schema) {}

    /** The path parameters, still encoded, where the path is this operation's. */
    Optional<Map<String, String>> match(List<String> segments) {
        if (segments.size() != template.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String expected = template.get(i);
            String segment = segments.get(i);
            if (isVariable(expected) && !segment.isEmpty()) {
                values.put(expected.substring(1, expected.length() - 1), segment);
            } else if (!expected.equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** A path that is this operation's and no other's, however they are compared. */
    String plainPath() {
        return "/"
                + template.stream()
                        .map(segment -> isVariable(segment) ? "_" : segment)
                        .collect(Collectors.joining("/"));
    }

    /** Sorts {@code /catalog} before {@code /{id}}: the literal path wins. */
    String order() {
        List<String> keys = new ArrayList<>();
        for (String segment : template) {
            keys.add(isVariable(segment) ? "1" : "0" + segment);
        }
        return String.join("/", keys);
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }
}
