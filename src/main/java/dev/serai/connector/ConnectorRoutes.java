package dev.serai.connector;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Ids;
import dev.serai.settings.SeraiSettings;

/**
 * Which route serves a connector now? Built at first use, replaced when the connector or its Kamelet changed, taken away
 * when idle.
 *
 * <p>A new route gets a new address and is up before the old one stops taking calls; the old one goes when the last that
 * uses it has left. So a change drops no call. Building holds up only callers of the same connector.
 */
public class ConnectorRoutes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectorRoutes.class);

    private static final Duration MOST_FOR_CHORES = Duration.ofSeconds(10);

    private final RouteFactory factory;
    private final Catalog catalog;
    private final Configs configs;
    private final Duration idle;
    private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();
    private final Set<RunningRoute> started = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService chores;
    private volatile boolean stopped;

    /** Where a route's config comes from. */
    interface Configs {
        /** The connector as it is now. */
        Optional<Connector> find(String project, String id);

        /** Its whole config, secrets opened. */
        ObjectNode open(Connector connector);

        /** The config with what its references stand for now. */
        default ObjectNode resolve(ConnectorType type, ObjectNode config) {
            return config;
        }
    }

    /** A connector's place: who builds holds the lock, everybody else reads. */
    private static final class Slot {
        private final ReentrantLock building = new ReentrantLock();
        private volatile @Nullable RunningRoute current;
        private volatile boolean gone;

        private @Nullable RouteLease lease(RunningRoute.Version wanted) {
            RunningRoute route = current;
            return route != null && route.serves(wanted) && route.enter() ? new RouteLease(route) : null;
        }
    }

    ConnectorRoutes(CamelContext camel, Catalog catalog, Configs configs, SeraiSettings settings, Clock clock) {
        this.factory = new RouteFactory(camel, clock);
        this.catalog = catalog;
        this.configs = configs;
        this.idle = settings.connectors().idle();
        this.chores = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "connector-routes");
            thread.setDaemon(true);
            return thread;
        });
        long every = Math.max(1, idle.toMillis() / 4);
        chores.scheduleWithFixedDelay(this::closeIdle, every, every, TimeUnit.MILLISECONDS);
        camel.addLifecycleStrategy(new BeforeCamelStops());
    }

    /**
     * Closes all while Camel still runs: only then does it destroy a template's beans. As a lifecycle bean of Spring this
     * would have Camel started before its routes are found.
     */
    private final class BeforeCamelStops extends LifecycleStrategySupport {
        @Override
        public void onContextStopping(CamelContext context) {
            close();
        }
    }

    /** The right to call a connector as it is now; builds its route where there is none that fits. */
    RouteLease lease(Connector connector) {
        while (true) {
            requireRunning();
            Slot slot = slots.computeIfAbsent(connector.id(), id -> new Slot());
            RouteLease lease = slot.lease(wanted(connector));
            if (lease != null) {
                return lease;
            }
            slot.building.lock();
            try {
                if (!slot.gone) {
                    lease = slot.lease(wanted(connector));
                    return lease == null ? replace(slot, connector) : lease;
                }
            } finally {
                slot.building.unlock();
            }
        }
    }

    private RouteLease replace(Slot slot, Connector connector) {
        Connector now = configs.find(connector.project(), connector.id())
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such connector.")));
        RunningRoute built = start(now.id(), now.revision(), type(now.type()), configs.open(now));
        RouteLease lease = entered(built);
        RunningRoute old = slot.current;
        slot.current = built;
        if (old != null) {
            retire(old);
        }
        return lease;
    }

    /** A route for one test of a config that is not saved; it goes when the lease is closed. */
    RouteLease temporary(String type, ObjectNode config) {
        requireRunning();
        RunningRoute built = start(Ids.next("tst"), 0, type(type), config);
        RouteLease lease = entered(built);
        retire(built);
        return lease;
    }

    private RunningRoute start(String id, long revision, ConnectorType type, ObjectNode config) {
        RunningRoute route = factory.start(id, revision, type, opened(type, config));
        started.add(route);
        return route;
    }

    private OpenedConfig opened(ConnectorType type, ObjectNode config) {
        ObjectNode resolved = configs.resolve(type, config);
        return new OpenedConfig(resolved, !resolved.equals(config));
    }

    /**
     * The right to call a connector with what its references stand for at this moment.
     *
     * @throws FailureException where they stand for nothing
     */
    RouteLease leaseFresh(Connector connector) {
        Slot slot = slots.get(connector.id());
        RunningRoute route = slot == null ? null : slot.current;
        if (route != null) {
            outdatedByReferences(connector, route);
        }
        return lease(connector);
    }

    /** Whether the route's references stand for something else by now; the next lease then gets a route built anew. */
    boolean outdatedByReferences(Connector connector, RunningRoute route) {
        if (!route.config().referring()) {
            return false;
        }
        boolean changed = configs.find(connector.project(), connector.id())
                .map(now -> !opened(type(now.type()), configs.open(now)).equals(route.config()))
                .orElse(false);
        if (changed) {
            route.outdate();
        }
        return changed;
    }

    private static RouteLease entered(RunningRoute built) {
        built.enter();
        return new RouteLease(built);
    }

    /** Lets go of a connector that was changed or deleted; calls under way end as they began. */
    public void forget(String connectorId) {
        Slot slot = slots.get(connectorId);
        if (slot == null) {
            return;
        }
        slot.building.lock();
        try {
            clear(connectorId, slot);
        } finally {
            slot.building.unlock();
        }
    }

    /** Closes what nobody has used for long. */
    void closeIdle() {
        slots.forEach((id, slot) -> {
            RunningRoute route = slot.current;
            if (route != null && route.idleFor(idle) && slot.building.tryLock()) {
                try {
                    clear(id, slot);
                } finally {
                    slot.building.unlock();
                }
            }
        });
    }

    private void clear(String id, Slot slot) {
        slot.gone = true;
        slots.remove(id, slot);
        RunningRoute route = slot.current;
        slot.current = null;
        if (route != null) {
            retire(route);
        }
    }

    private void retire(RunningRoute route) {
        route.retire(() -> {
            try {
                chores.execute(() -> end(route));
            } catch (RejectedExecutionException e) {
                log.debug("Stopping already: {} ends with the others", route.id());
            }
        });
    }

    private void end(RunningRoute route) {
        if (started.remove(route)) {
            factory.stop(route);
        }
    }

    private RunningRoute.Version wanted(Connector connector) {
        return new RunningRoute.Version(
                connector.revision(), type(connector.type()).kamelet().revision());
    }

    private ConnectorType type(String name) {
        return catalog.find(name)
                .orElseThrow(() -> new FailureException(new Failure.Conflict(
                        "type_missing", "The connector's type " + name + " is not in the catalog any more.")));
    }

    private void requireRunning() {
        if (stopped) {
            throw new FailureException(new Failure.Cancelled("Serai is shutting down."));
        }
    }

    /** Routes that are up, drained ones that are still used included. */
    int running() {
        return started.size();
    }

    /** Ends every route, also one that is still used. */
    @Override
    public void close() {
        stopped = true;
        endChores();
        slots.forEach((id, slot) -> forget(id));
        started.forEach(this::end);
    }

    /** Waits for a route that is being stopped: Camel takes no two changes of its routes at once while it stops itself. */
    private void endChores() {
        chores.shutdown();
        try {
            if (!chores.awaitTermination(MOST_FOR_CHORES.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A route has not stopped within {} s", MOST_FOR_CHORES.toSeconds());
                chores.shutdownNow();
            }
        } catch (InterruptedException e) {
            chores.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
