package dev.serai.connector;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A file of Camel routes.
 *
 * @param name ends in {@code .camel.yaml}, by which Camel knows how to read it
 */
record RouteFile(String name, String text) {

    /** Whether it describes an HTTP API, which Camel cannot take back while it runs. */
    boolean hasRest() {
        return text.lines().anyMatch(line -> line.startsWith("- rest:"));
    }

    /** Fails where Camel cannot read it; nothing of it runs. */
    void parse() throws Exception {
        try (DefaultCamelContext trial = new DefaultCamelContext(false)) {
            trial.disableJMX();
            trial.setStartupSummaryLevel(StartupSummaryLevel.Off);
            trial.build();
            PluginHelper.getRoutesLoader(trial).loadRoutes(resource());
            if (trial.getRouteDefinitions().isEmpty()
                    && trial.getRestDefinitions().isEmpty()) {
                throw new IllegalArgumentException("there is no route in it");
            }
        }
    }

    /** Adds its routes, and starts them where Camel has started; these are the ones. Fails without leaving any. */
    List<RouteDefinition> addTo(ModelCamelContext camel) throws Exception {
        Set<RouteDefinition> before = routes(camel);
        try {
            PluginHelper.getRoutesLoader(camel).loadRoutes(resource());
            return added(camel, before);
        } catch (Exception e) {
            RouteEnd.remove(camel, added(camel, before));
            throw e;
        }
    }

    private static List<RouteDefinition> added(ModelCamelContext camel, Set<RouteDefinition> before) {
        List<RouteDefinition> added = new ArrayList<>(camel.getRouteDefinitions());
        added.removeIf(before::contains);
        return added;
    }

    private static Set<RouteDefinition> routes(ModelCamelContext camel) {
        Set<RouteDefinition> routes = Collections.newSetFromMap(new IdentityHashMap<>());
        routes.addAll(camel.getRouteDefinitions());
        return routes;
    }

    private Resource resource() {
        return ResourceHelper.fromBytes(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
