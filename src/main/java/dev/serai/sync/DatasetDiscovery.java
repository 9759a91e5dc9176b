package dev.serai.sync;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.DatasetCreation;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/** Makes a dataset of every model that a connector has, for connectors that were bootstrapped so. */
@Component
class DatasetDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetDiscovery.class);

    private final SourceModels models;
    private final DatasetCreation datasets;
    private final ConnectorStore connectors;
    private final SyncThreads threads;

    DatasetDiscovery(SourceModels models, DatasetCreation datasets, ConnectorStore connectors, SyncThreads threads) {
        this.models = models;
        this.datasets = datasets;
        this.connectors = connectors;
        this.threads = threads;
    }

    /** Looks the models up in the background. */
    void begin(Connector connector) {
        threads.discoveries().execute(() -> {
            try {
                discover(connector, new Cancellation());
            } catch (FailureException e) {
                LOG.warn(
                        "The models of {} could not be looked up: {}",
                        connector.slug(),
                        e.failure().detail());
            } catch (RuntimeException e) {
                LOG.error("The models of {} could not be looked up", connector.slug(), e);
            }
        });
    }

    /** Begins again with what a process that is gone has not ended; not before routes can be called. */
    @EventListener(ApplicationReadyEvent.class)
    void resume() {
        connectors.discovering().forEach(this::begin);
    }

    /**
     * Looks the models up and makes what datasets are missing.
     *
     * @param cancellation ends the look-up
     * @throws FailureException where they cannot be looked up; the connector then says so
     */
    void discover(Connector connector, Cancellation cancellation) {
        try {
            int made = datasets.createDiscovered(connector, models.of(connector, cancellation))
                    .size();
            connectors.setDiscovery(connector.id(), "done");
            LOG.info("{} new datasets of {} were discovered", made, connector.slug());
        } catch (RuntimeException e) {
            connectors.setDiscovery(connector.id(), "failed");
            throw e;
        }
    }
}
