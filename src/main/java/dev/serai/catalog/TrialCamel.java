package dev.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Does Camel take a Kamelet? Tried in a context of its own, so that a file with faults leaves nothing behind in the one
 * that serves.
 *
 * <p>A template without beans is built into a route with a made-up config, which finds misspelt steps, options and
 * expressions. One with beans is only loaded, and its classes looked up: a bean may well refuse a made-up config.
 */
final class TrialCamel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DefaultCamelContext camel;
    private final EndpointOptions options;

    TrialCamel(CamelContext serving) {
        camel = new DefaultCamelContext(false);
        camel.getCamelContextExtension().setRegistry(new DefaultRegistry(new BeansOnly(serving)));
        camel.getCamelContextExtension().setName("kamelet-trial");
        camel.disableJMX();
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.setAutoStartup(false);
        camel.setLoadTypeConverters(false);
        camel.start();
        options = new EndpointOptions(camel);
    }

    void check(ConnectorType type) throws KameletException {
        Kamelet kamelet = type.kamelet();
        KameletTemplate template = KameletTemplate.of(templateOf(kamelet), new ArrayList<>());
        List<String> reasons = new ArrayList<>();
        if (template != null) {
            reasons.addAll(options.faults(template.endpoints()));
            template.beans().forEach(bean -> checkClass(bean, reasons));
        }
        try {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(kamelet.name() + ".kamelet.yaml", kamelet.yaml()));
            if (reasons.isEmpty() && template != null && template.beans().isEmpty()) {
                TemplatedRouteBuilder.builder(camel, kamelet.templateId())
                        .routeId("trial-" + kamelet.templateId())
                        .parameter(Kamelet.ADDRESS, "trial-" + kamelet.templateId())
                        .parameter(Kamelet.CONNECTOR_ID, "trial")
                        .bean(Kamelet.CONFIG, Map.class, madeUp(type.configSchema()))
                        .add();
            }
        } catch (Exception e) {
            // Camel declares Exception; whatever it is, the file's author is the one to hear of it.
            if (reasons.isEmpty()) {
                reasons.add("Camel does not take it: " + CamelReason.of(e));
            }
            throw new KameletException(reasons, e);
        }
        if (!reasons.isEmpty()) {
            throw new KameletException(reasons);
        }
    }

    private static JsonNode templateOf(Kamelet kamelet) throws KameletException {
        return KameletReader.yaml(kamelet.yaml()).at("/spec/template");
    }

    private void checkClass(JsonNode bean, List<String> reasons) {
        String type = bean.path("type").asText().replaceFirst("^#?class:", "").replaceFirst("[(#].*$", "");
        if (!type.isEmpty() && !type.startsWith("#") && camel.getClassResolver().resolveClass(type) == null) {
            reasons.add("the bean " + bean.path("name").asText() + " names a class that is not here");
        }
    }

    private static Map<String, Object> madeUp(JsonNode schema) {
        Map<String, Object> config = new LinkedHashMap<>();
        schema.path("properties")
                .properties()
                .forEach(
                        entry -> config.put(entry.getKey(), JSON.convertValue(sample(entry.getValue()), Object.class)));
        return config;
    }

    private static @Nullable JsonNode sample(JsonNode property) {
        for (JsonNode candidate : List.of(
                property.path("default"),
                property.path("examples").path(0),
                property.path("enum").path(0))) {
            if (!candidate.isMissingNode()) {
                return candidate;
            }
        }
        return JSON.getNodeFactory().textNode("sample");
    }

    @Override
    public void close() {
        camel.stop();
    }

    /** The serving context's beans by name; its components and the like stay out, they would be started and stopped. */
    private record BeansOnly(CamelContext serving) implements BeanRepository {
        @Override
        public @Nullable Object lookupByName(String name) {
            Object bean = serving.getRegistry().lookupByName(name);
            return bean instanceof Service ? null : bean;
        }

        @Override
        public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
            Object bean = lookupByName(name);
            return type.isInstance(bean) ? type.cast(bean) : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return Map.of();
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return Set.of();
        }
    }
}
