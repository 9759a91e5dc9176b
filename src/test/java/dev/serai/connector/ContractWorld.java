package dev.serai.connector;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.impl.DefaultCamelContext;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Fault;
import dev.serai.rows.RowSource;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Settings;
import dev.serai.testing.TestLake;

/** What the calls of a connector need and no more: the catalog, a Camel, and connectors kept in memory. */
public final class ContractWorld implements AutoCloseable {
    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private final Map<String, Connector> connectors = new ConcurrentHashMap<>();
    private final ConfigValidator validator = new ConfigValidator();
    private final Catalog catalog;
    private final ConnectorChecks checks;
    private final ConnectorRoutes routes;
    private final ConnectorCalls calls;

    /** @param kamelets a folder of Kamelets besides the packed ones */
    public ContractWorld(Path kamelets) {
        this(kamelets, Map.of());
    }

    /** @param properties settings besides */
    ContractWorld(Path kamelets, Map<String, String> properties) {
        Map<String, String> all = new ConcurrentHashMap<>(properties);
        all.put("serai.kamelets-dir", kamelets.toString());
        SeraiSettings settings = Settings.of(all);
        EgressPolicy egress = new EgressPolicy(settings);
        camel.disableJMX();
        camel.getStreamCachingStrategy().setSpoolEnabled(true);
        camel.getRegistry().bind("httpConnections", new HttpConnections(egress));
        camel.getRegistry().bind("egressPolicy", egress);
        camel.start();
        catalog = new Catalog(settings, camel);
        checks = new ConnectorChecks(catalog, validator, new Destinations(egress, List.of()));
        routes = new ConnectorRoutes(camel, catalog, new InMemory(), settings, Clock.systemUTC());
        calls = new ConnectorCalls(catalog, routes, egress, TestLake.spool());
    }

    public ConnectorType type(String name) {
        return catalog.find(name).orElseThrow(() -> new AssertionError(name + " is not there: " + catalog.problems()));
    }

    public ConfigValidator.Validated validate(String type, ObjectNode config) {
        return validator.validate(type(type), config);
    }

    /** What making a connector of that config is refused for; pointers as in that request. */
    public List<Fault> faults(String type, ObjectNode config) {
        Faults faults = new Faults();
        checks.config(checks.known(type, faults), config, faults);
        return faults.all();
    }

    /** A new connector, or the next revision of the one of that id; defaults filled in. */
    public Connector save(String id, String type, ObjectNode config) {
        return connectors.compute(id, (same, before) -> {
            long revision = before == null ? 1 : before.revision() + 1;
            return connector(id, type, validate(type, config).config(), revision);
        });
    }

    private static Connector connector(String id, String type, ObjectNode config, long revision) {
        return new Connector(
                id,
                "default",
                id,
                id,
                type,
                "",
                config,
                Set.of(),
                List.of(),
                true,
                null,
                null,
                null,
                null,
                null,
                revision,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** As it is now. */
    public Connector get(String id) {
        return Optional.ofNullable(connectors.get(id)).orElseThrow();
    }

    public JsonNode json(Connector connector, String operation, ObjectNode request) {
        return calls.json(connector, operation, request);
    }

    public RowSource rows(Connector connector, String operation, ObjectNode request) {
        return calls.rows(connector, operation, request);
    }

    public TestResult test(Connector connector) {
        return calls.test(connector);
    }

    public TestResult test(String type, ObjectNode config) {
        return calls.test(type, validate(type, config).config());
    }

    public void forget(String id) {
        connectors.remove(id);
        routes.forget(id);
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
            return connector.config();
        }
    }
}
