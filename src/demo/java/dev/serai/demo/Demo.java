package dev.serai.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.connector.Schedule;
import dev.serai.sync.Bootstrap;
import dev.serai.sync.BootstrapRequest;
import dev.serai.sync.Run;
import dev.serai.sync.Syncs;

/** Shows the main job: a database's tables become datasets. Started again, it goes on with the connector it has. */
@Component
@Profile("demo")
class Demo {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final String PROJECT = "default";
    private static final String SLUG = "demo_shop";
    private static final List<String> TABLES = List.of("customers", "products", "orders");

    private final Connectors connectors;
    private final ConnectorStore store;
    private final Bootstrap bootstrap;
    private final Syncs syncs;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "demo"));
    private @Nullable ShopDatabase shop;
    private boolean told;

    Demo(Connectors connectors, ConnectorStore store, Bootstrap bootstrap, Syncs syncs) {
        this.connectors = connectors;
        this.store = store;
        this.bootstrap = bootstrap;
        this.syncs = syncs;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        thread.execute(() -> {
            try {
                open();
            } catch (RuntimeException e) {
                log.error("The demo could not be set up", e);
            }
        });
    }

    private void open() {
        log.info("The demo's database is being filled …");
        ShopDatabase filled = ShopDatabase.start();
        shop = filled;
        Connector connector = connect(filled);
        thread.scheduleWithFixedDelay(() -> trade(filled), 500, 500, TimeUnit.MILLISECONDS);
        Run run = syncs.start(PROJECT, connector.id(), null, null, "manual", "demo");
        thread.scheduleWithFixedDelay(() -> tell(run.id()), 100, 100, TimeUnit.MILLISECONDS);
    }

    private Connector connect(ShopDatabase source) {
        ObjectNode config = JsonNodeFactory.instance
                .objectNode()
                .put("host", "127.0.0.1")
                .put("port", source.port())
                .put("database", ShopDatabase.DATABASE)
                .put("username", ShopDatabase.USERNAME)
                .put("password", source.password());
        Optional<Connector> existing = store.findBySlug(PROJECT, SLUG);
        if (existing.isPresent()) {
            ObjectNode change = JsonNodeFactory.instance.objectNode();
            change.set("config", config);
            return connectors.patch(PROJECT, existing.get().id(), change);
        }
        List<ObjectNode> datasets = new ArrayList<>();
        TABLES.forEach(table -> datasets.add(JsonNodeFactory.instance
                .objectNode()
                .put("model", "shop." + table)
                .put("name", table)));
        NewConnector wanted = new NewConnector(
                "Demo shop", "postgresql", "A shop in an embedded PostgreSQL", config, List.of("shop"), true);
        Schedule nightly = new Schedule("0 3 * * *", "full", null, null);
        return bootstrap
                .bootstrap(PROJECT, new BootstrapRequest(wanted, nightly, datasets))
                .connector();
    }

    private static void trade(ShopDatabase source) {
        try {
            source.tradeForAMoment();
        } catch (RuntimeException e) {
            // An exception would end the trading without a word.
            log.warn("The shop's trading was interrupted", e);
        }
    }

    private void tell(String runId) {
        Run run = syncs.get(PROJECT, runId);
        if (told || !run.ended()) {
            return;
        }
        told = true;
        run.datasets()
                .forEach(dataset ->
                        log.info("  dataset {}: {}, {} rows", dataset.name(), dataset.status(), dataset.rowsWritten()));
        if (run.status().equals("succeeded")) {
            log.info(
                    "The demo is ready after {} ms of syncing. Log in as admin with the password serai-demo; README.md"
                            + " shows how.",
                    run.durationMs());
        } else {
            log.error("The demo's sync did not succeed but {}: {}", run.status(), run.reason());
        }
    }

    @PreDestroy
    void close() throws IOException, InterruptedException {
        thread.shutdownNow();
        if (thread.awaitTermination(10, TimeUnit.SECONDS) && shop != null) {
            shop.close();
        }
    }
}
