package dev.serai.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What does a Kamelet's template answer and use?
 *
 * @param root {@code spec.template}
 */
record KameletTemplate(ObjectNode root) {
    private static final Pattern OPERATION = Pattern.compile(
            "\\$\\{headers?[.\\[]['\"]?operation['\"]?]?}\\s*(?:==|=~|in)\\s*(?:'([^']*)'|\"([^\"]*)\")");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^{}]+)}}");
    private static final Set<String> URI_STEPS = Set.of("to", "toD", "wireTap", "poll");

    /** An endpoint as a step names it: its scheme and the options given, values as written. */
    record EndpointUse(String scheme, Map<String, String> options) {}

    static @Nullable KameletTemplate of(JsonNode node, List<String> reasons) {
        if (!(node instanceof ObjectNode root) || !(root.path("from") instanceof ObjectNode from)) {
            reasons.add("spec.template.from is missing");
            return null;
        }
        if (!"kamelet:source".equals(from.path("uri").asText())) {
            reasons.add("spec.template.from.uri must be kamelet:source");
        }
        KameletTemplate template = new KameletTemplate(root);
        Set<String> known = new LinkedHashSet<>(Kamelet.PARAMETERS);
        known.add(Kamelet.CONFIG);
        template.beans().forEach(bean -> known.add(bean.path("name").asText()));
        for (String used : template.placeholders()) {
            if (!known.contains(used)) {
                reasons.add("{{" + used + "}} is not known here: config is reached as the bean {{config}} or as "
                        + "${variable.config[...]}, never as text");
            }
        }
        return template;
    }

    List<JsonNode> beans() {
        List<JsonNode> beans = new ArrayList<>();
        root.path("beans").forEach(beans::add);
        return beans;
    }

    /** The operations and actions that some step chooses on, in order of appearance. */
    Set<String> operations() {
        Set<String> operations = new LinkedHashSet<>();
        walk(root, "", (field, value) -> {
            Matcher matcher = OPERATION.matcher(value.asText());
            while (value.isTextual() && matcher.find()) {
                String names = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                for (String name : names.split(",", -1)) {
                    operations.add(name.strip());
                }
            }
        });
        return operations;
    }

    private Collection<String> placeholders() {
        Set<String> names = new LinkedHashSet<>();
        walk(root, "", (field, value) -> {
            Matcher matcher = PLACEHOLDER.matcher(value.asText());
            while (value.isTextual() && matcher.find()) {
                names.add(matcher.group(1).strip());
            }
        });
        return names;
    }

    /** Every endpoint that a step names by a scheme that is not itself computed. */
    List<EndpointUse> endpoints() {
        List<EndpointUse> uses = new ArrayList<>();
        walk(root, "", (step, value) -> {
            if (URI_STEPS.contains(step) && value.isTextual()) {
                add(uses, value.asText(), null);
            } else if (URI_STEPS.contains(step) && value.path("uri").isTextual()) {
                add(uses, value.path("uri").asText(), value.path("parameters"));
            }
        });
        return uses;
    }

    private static void add(List<EndpointUse> uses, String uri, @Nullable JsonNode parameters) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        int colon = path.indexOf(':');
        String scheme = colon < 0 ? path : path.substring(0, colon);
        if (scheme.contains("{") || scheme.isEmpty()) {
            return;
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (query >= 0) {
            for (String pair : uri.substring(query + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    options.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
        }
        if (parameters != null) {
            parameters
                    .properties()
                    .forEach(entry ->
                            options.put(entry.getKey(), entry.getValue().asText()));
        }
        uses.add(new EndpointUse(scheme, options));
    }

    /** The template with its source rewritten to the address that each connector's route gets. */
    ObjectNode forCamel() {
        ObjectNode copy = root.deepCopy();
        ((ObjectNode) copy.path("from")).put("uri", "direct:{{" + Kamelet.ADDRESS + "}}");
        return copy;
    }

    private static void walk(JsonNode node, String field, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(field, node);
        node.properties().forEach(entry -> walk(entry.getValue(), entry.getKey(), visitor));
        if (node.isArray()) {
            node.forEach(element -> walk(element, "", visitor));
        }
    }
}
