package dev.serai.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.impl.DefaultCamelContext;

import dev.serai.catalog.Catalog;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;
import dev.serai.testing.TestLake;

/** A catalog over a folder, a Camel and connectors kept in memory: all that calls need, without the rest of Serai. */
final class RouteWorld implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    final Path folder;
    final DefaultCamelContext camel = new DefaultCamelContext(false);
    final TestClock clock = new TestClock();
    final Catalog catalog;
    final ConnectorRoutes routes;
    final ConnectorCalls calls;
    /** Runs when a config is opened, on the thread that builds a route. */
    volatile Consumer<Connector> opening = connector -> {};

    private final Map<String, Connector> connectors = new ConcurrentHashMap<>();

    RouteWorld(Map<String, String> kamelets) {
        this(kamelets, Map.of());
    }

    RouteWorld(Map<String, String> kamelets, Map<String, String> properties) {
        folder = TestFolder.create("kamelets");

        kamelets.forEach(this::drop);
        Map<String, String> all = new ConcurrentHashMap<>(properties);
        all.put("serai.kamelets-dir", folder.toString());
        SeraiSettings settings = Settings.of(all);
        EgressPolicy egress = new EgressPolicy(settings);
        camel.disableJMX();
        camel.getStreamCachingStrategy().setSpoolEnabled(true);
        camel.getRegistry().bind("httpConnections", new HttpConnections(egress));
        camel.start();
        catalog = new Catalog(settings, camel);
        catalog.watch();
        routes = new ConnectorRoutes(camel, catalog, new InMemory(), settings, clock);
        calls = new ConnectorCalls(catalog, routes, egress, TestLake.spool());
    }

    void drop(String name, String text) {
        try {
            Files.writeString(folder.resolve(name + ".kamelet.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new connector, or the next revision of the one of that id. */
    Connector save(String id, String type, String config) {
        return save(id, type, json(config), true);
    }

    Connector disable(Connector enabled) {
        return save(enabled.id(), enabled.type(), enabled.config(), false);
    }

    private Connector save(String id, String type, ObjectNode config, boolean enabled) {
        return connectors.compute(
                id,
                (same, before) -> new Connector(
                        id,
                        "default",
                        id,
                        id,
                        type,
                        "",
                        config,
                        Set.of(),
                        List.of(),
                        enabled,
                        null,
                        null,
                        null,
                        null,
                        null,
                        before == null ? 1 : before.revision() + 1,
                        Instant.EPOCH,
                        Instant.EPOCH));
    }

    Connector get(String id) {
        return connectors.get(id);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        routes.close();
        catalog.close();
        camel.stop();
    }

    private final class InMemory implements ConnectorRoutes.Configs {
        @Override
        public Optional<Connector> find(String project, String id) {
            return Optional.ofNullable(connectors.get(id));
        }

        @Override
        public ObjectNode open(Connector connector) {
            opening.accept(connector);
            return connector.config();
        }
    }

    /** A clock that moves when told. */
    static final class TestClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
