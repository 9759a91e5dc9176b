package dev.serai.connector;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.config.MeterFilter;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

import dev.serai.audit.AuditLog;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.PackedFiles;
import dev.serai.reference.SecretSources;
import dev.serai.rows.SpillFolder;
import dev.serai.settings.SeraiSettings;

/** Puts connectors and Camel together. */
@Configuration(proxyBeanMethods = false)
class ConnectorConfiguration {
    /** For answers that do not fit into memory; those of a process that is gone are removed. */
    @Bean(destroyMethod = "remove")
    SpillFolder connectorSpool(SeraiSettings settings) throws IOException {
        return SpillFolder.below(
                settings.dataDir().toAbsolutePath().resolve("tmp").resolve("connector"));
    }

    @Bean
    CamelContextConfiguration spooling(SpillFolder spool) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                camel.getStreamCachingStrategy()
                        .setSpoolDirectory(spool.path().resolve("camel").toFile());
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {}
        };
    }

    /**
     * Connectors' routes come and go: metrics by them would pile up, and a call that ends after its route is gone would make
     * one that nothing removes. Syncs and calls are counted by type.
     */
    @Bean
    static MeterFilter withoutConnectors() {
        return MeterFilter.deny(meter -> {
            String route = meter.getTag("routeId");
            return route != null && (route.startsWith("con_") || route.startsWith("tst_"));
        });
    }

    @Bean
    ComponentCustomizer httpConnections(EgressPolicy egress) {
        return new HttpConnections(egress);
    }

    @Bean
    ComponentCustomizer ownHeaders() {
        return new OwnHeaders();
    }

    @Bean
    ConnectorRoutes connectorRoutes(
            CamelContext camel,
            Catalog catalog,
            ConfigValidator validator,
            ConnectorStore store,
            SecretSources secrets,
            SeraiSettings settings,
            Clock clock) {
        ReferredSecrets referred = new ReferredSecrets(secrets, validator);
        return new ConnectorRoutes(
                camel, catalog, new StoredConfigs(store, catalog, validator, referred), settings, clock);
    }

    @Bean
    RouteFiles routeFiles(SeraiSettings settings, Catalog catalog) {
        return new RouteFiles(settings, PackedFiles.in("routes", RouteFiles.SUFFIX), catalog);
    }

    @Bean
    ConnectorWriter connectorWriter(
            ConnectorStore store,
            ModelCache models,
            ConnectorRoutes routes,
            PlatformTransactionManager transactions,
            AuditLog audit,
            Clock clock) {
        return new ConnectorWriter(store, models, routes::forget, transactions, audit, clock);
    }

    /** Configs as they are stored, with defaults for what the type has got since. */
    record StoredConfigs(ConnectorStore store, Catalog catalog, ConfigValidator validator, ReferredSecrets referred)
            implements ConnectorRoutes.Configs {
        @Override
        public Optional<Connector> find(String project, String id) {
            return store.find(project, id);
        }

        @Override
        public ObjectNode open(Connector connector) {
            ObjectNode stored = store.open(connector);
            return catalog.find(connector.type())
                    .map(type -> validator.validate(type, stored).config())
                    .orElse(stored);
        }

        @Override
        public ObjectNode resolve(ConnectorType type, ObjectNode config) {
            return referred.resolved(type, config);
        }
    }
}
