package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Which indices, aliases and data streams may be asked? Those that a pattern of the output schemas fits; all where none is given. */
record IndexNames(List<String> patterns) {
    IndexNames {
        patterns = List.copyOf(patterns);
    }

    /** @param request {@code {schemas}} */
    static IndexNames of(JsonNode request) {
        List<String> patterns = new ArrayList<>();
        request.path("schemas").forEach(schema -> patterns.add(schema.asText()));
        return new IndexNames(patterns);
    }

    /** The first pattern that fits, which is the model's schema; empty text where there are none. */
    Optional<String> schema(String name) {
        return patterns.isEmpty()
                ? Optional.of("")
                : patterns.stream().filter(pattern -> fits(pattern, name)).findFirst();
    }

    /**
     * Why a name, or a pattern with stars, may not be asked; null where it may. A star of the name is a sign like any other to
     * the patterns: only a star of theirs fits it, and then whatever it stands for.
     */
    @Nullable
    String fault(String expression) {
        if (expression.isEmpty() || expression.equals("_all")) {
            return "must name indices, aliases or data streams";
        } else if (expression.startsWith(".")) {
            return "must not name what the server keeps for itself";
        } else if (expression.matches("[-+_<].*|.*[,:/\\\\|?\"<>#\\s].*")) {
            return "must be names, or patterns with *: no exclusion, date or other cluster";
        } else if (schema(expression).isEmpty()) {
            return "must be within the connector's output_schemas";
        }
        return null;
    }

    static boolean fits(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
    }
}
