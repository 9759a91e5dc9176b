package dev.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.support.PluginHelper;

import dev.serai.failure.SimilarName;

/**
 * Are the endpoint options that a template names ones that the component has?
 *
 * <p>Camel itself notices late, at the first exchange, where an endpoint's address is computed, and never where the
 * component passes unknown options on as query parameters, as HTTP does; there a name that nearly is an option counts
 * as misspelt.
 */
final class EndpointOptions {
    /** Shorter names of the source's own query parameters resemble options by chance. */
    private static final int TELLING_LENGTH = 8;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RuntimeCamelCatalog components;

    EndpointOptions(CamelContext camel) {
        components = PluginHelper.getRuntimeCamelCatalog(camel);
    }

    List<String> faults(List<KameletTemplate.EndpointUse> uses) {
        List<String> faults = new ArrayList<>();
        for (KameletTemplate.EndpointUse use : uses) {
            String description = components.componentJSonSchema(use.scheme());
            if (description == null) {
                faults.add("there is no component '" + use.scheme() + "'");
            } else {
                check(use, read(description), faults);
            }
        }
        return faults;
    }

    private static void check(KameletTemplate.EndpointUse use, JsonNode description, List<String> faults) {
        boolean lenient = description.at("/component/lenientProperties").asBoolean();
        Set<String> known = new LinkedHashSet<>();
        Set<String> prefixes = new LinkedHashSet<>();
        description.path("properties").properties().forEach(entry -> {
            known.add(entry.getKey());
            if (entry.getValue().path("multiValue").asBoolean()) {
                prefixes.add(entry.getValue().path("prefix").asText());
            }
        });
        for (String option : use.options().keySet()) {
            if (known.contains(option) || prefixes.stream().anyMatch(option::startsWith)) {
                continue;
            }
            Optional<String> meant = SimilarName.of(option, known);
            if (!lenient) {
                faults.add("'" + use.scheme() + "' has no option '" + option + "'" + suggestion(meant));
            } else if (option.length() >= TELLING_LENGTH && meant.isPresent()) {
                faults.add("'" + use.scheme() + "' has no option '" + option + "'" + suggestion(meant));
            }
        }
    }

    static String suggestion(Optional<String> meant) {
        return meant.map(name -> ", did you mean '" + name + "'?").orElse("");
    }

    private static JsonNode read(String description) {
        try {
            return JSON.readTree(description);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A component's description is not JSON", e);
        }
    }
}
