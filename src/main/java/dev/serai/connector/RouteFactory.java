package dev.serai.connector;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Producer;
import org.apache.camel.model.DefaultRouteTemplateContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Kamelet;

/**
 * Makes a route of a Kamelet and a config, and takes it away with all it opened.
 *
 * <p>It does one thing at a time (see {@link ModelLock}). That is short because a template's beans do not reach for their
 * source while they are made.
 */
final class RouteFactory {
    private static final Logger log = LoggerFactory.getLogger(RouteFactory.class);

    private final ModelCamelContext camel;
    private final Clock clock;
    private final ModelLock model;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, Integer> templateUsers = new HashMap<>();

    RouteFactory(CamelContext camel, Clock clock) {
        this.model = ModelLock.of(camel);
        this.camel = (ModelCamelContext) camel;
        this.clock = clock;
        Placeholders.onlyWhileBuilding(camel, model);
    }

    /** A route under an address of its own, ready for calls. */
    RunningRoute start(String connectorId, long revision, ConnectorType type, OpenedConfig config) {
        Kamelet kamelet = type.kamelet();
        String id = connectorId + "-" + numbers.incrementAndGet();
        try (ModelLock.Held held = model.hold()) {
            useTemplate(kamelet);
            try {
                Producer producer = build(id, kamelet, connectorId, config);
                return new RunningRoute(
                        id, new RunningRoute.Version(revision, kamelet.revision()), type, config, producer, clock);
            } catch (Exception e) {
                // Camel declares Exception for everything it builds.
                leaveTemplate(kamelet);
                throw SourceFailures.exception(e);
            }
        } catch (Exception e) {
            throw SourceFailures.exception(e);
        }
    }

    private Producer build(String id, Kamelet kamelet, String connectorId, OpenedConfig config) throws Exception {
        DefaultRouteTemplateContext context = new DefaultRouteTemplateContext(camel);
        context.setParameter(Kamelet.ADDRESS, id);
        context.setParameter(Kamelet.CONNECTOR_ID, connectorId);
        context.bind(Kamelet.CONFIG, config);
        try {
            camel.addRouteFromTemplate(id, kamelet.templateId(), id, context);
            Endpoint address = camel.getEndpoint("direct:" + id);
            Producer producer = address.createProducer();
            ServiceHelper.startService(producer);
            return producer;
        } catch (Exception e) {
            removeDefinition(id);
            close(context.getLocalBeanRepository());
            throw e;
        }
    }

    /** Ends a route that nobody uses any more: its beans are destroyed, its endpoints removed. */
    void stop(RunningRoute route) {
        try (ModelLock.Held held = model.hold()) {
            ServiceHelper.stopAndShutdownService(route.producer());
            removeDefinition(route.id());
            leaveTemplate(route.type().kamelet());
        } catch (Exception e) {
            // Nobody waits for this; the log is the one to tell.
            log.warn("The route {} did not end well: {}", route.id(), SourceFailures.kinds(e));
        }
    }

    private void removeDefinition(String id) throws Exception {
        RouteDefinition definition = camel.getRouteDefinition(id);
        if (definition != null) {
            camel.removeRouteDefinition(definition);
        }
        Endpoint address = camel.hasEndpoint("direct:" + id);
        if (address != null) {
            camel.removeEndpoint(address);
        }
    }

    private void useTemplate(Kamelet kamelet) throws Exception {
        String id = kamelet.templateId();
        if (templateUsers.merge(id, 1, Integer::sum) > 1) {
            return;
        }
        try {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(id + ".kamelet.yaml", kamelet.yaml()));
            camel.getRouteTemplateDefinition(id).getRoute().setErrorHandlerFactory(silent());
        } catch (Exception e) {
            leaveTemplate(kamelet);
            throw e;
        }
    }

    private void leaveTemplate(Kamelet kamelet) {
        String id = kamelet.templateId();
        if (templateUsers.computeIfPresent(id, (same, users) -> users == 1 ? null : users - 1) == null) {
            RouteTemplateDefinition template = camel.getRouteTemplateDefinition(id);
            if (template != null) {
                removeTemplate(template);
            }
        }
    }

    private void removeTemplate(RouteTemplateDefinition template) {
        try {
            camel.removeRouteTemplateDefinition(template);
        } catch (Exception e) {
            log.warn("The template {} could not be removed: {}", template.getId(), SourceFailures.kinds(e));
        }
    }

    /**
     * Whoever called gets the exception. Camel's own log of it would quote its message and the headers, which may be
     * secrets; without redelivery it heeds only the level, not the policy's {@code logExhausted}.
     */
    private static DefaultErrorHandlerDefinition silent() {
        DefaultErrorHandlerDefinition handler = new DefaultErrorHandlerDefinition();
        handler.setLevel(LoggingLevel.OFF.name());
        return handler;
    }

    private static void close(@Nullable Object beans) {
        if (beans instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                log.warn("The beans of a route that was not built did not close: {}", SourceFailures.kinds(e));
            }
        }
    }
}
