package dev.serai.connector;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.spi.ShutdownStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.task.Tasks;
import org.apache.camel.support.task.budget.Budgets;

/**
 * How do routes end without the others waiting for them? First they run dry, which may take as long as Camel gives its
 * routes to stop and needs no lock; then they are removed, which is short.
 *
 * <p>Camel's own stop holds its context's lock while it waits, which every other route needs to be built.
 */
final class RouteEnd {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** For a route that is dry; one that is not has had its time. */
    private static final long LAST_SECONDS = 2;

    private RouteEnd() {}

    /** Takes in nothing new, and waits for what is under way as long as Camel's stop would. */
    static void runDry(ModelCamelContext camel, List<RouteDefinition> definitions) {
        List<Route> routes = definitions.stream()
                .map(definition -> camel.getRoute(definition.getRouteId()))
                .filter(route -> route != null)
                .toList();
        for (Route route : routes) {
            if (!isLast(route)) {
                ServiceHelper.suspendService(route.getConsumer());
            }
        }
        ShutdownStrategy stop = camel.getShutdownStrategy();
        Tasks.foregroundTask()
                .withName("run-dry")
                .withBudget(Budgets.iterationTimeBudget()
                        .withInitialDelay(Duration.ZERO)
                        .withInterval(LOOK_EVERY)
                        .withMaxIterations(Integer.MAX_VALUE)
                        .withMaxDuration(Duration.of(
                                stop.getTimeout(), stop.getTimeUnit().toChronoUnit()))
                        .build())
                .build()
                .run(camel, () -> routes.stream().allMatch(route -> isDry(camel, route)));
    }

    /** Stops what still runs and forgets it; to be called with the {@link ModelLock} held. */
    static void remove(ModelCamelContext camel, List<RouteDefinition> definitions) throws Exception {
        for (RouteDefinition definition : definitions) {
            String id = definition.getRouteId();
            if (id != null) {
                camel.getRouteController().stopRoute(id, LAST_SECONDS, TimeUnit.SECONDS);
                // Before its definition, whose removal would wait for it again.
                camel.removeRoute(id);
            }
            camel.removeRouteDefinition(definition);
        }
    }

    /** Whether others need it to end their own work, such as one behind {@code direct} or {@code seda}. */
    private static boolean isLast(Route route) {
        return route.getConsumer() instanceof ShutdownAware aware
                && aware.deferShutdown(route.getShutdownRunningTask());
    }

    private static boolean isDry(CamelContext camel, Route route) {
        Consumer consumer = route.getConsumer();
        int pending = consumer instanceof ShutdownAware aware ? aware.getPendingExchangesSize() : 0;
        return pending + camel.getInflightRepository().size(route.getRouteId()) == 0;
    }
}
