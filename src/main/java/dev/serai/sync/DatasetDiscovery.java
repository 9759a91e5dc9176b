package dev.serai.sync;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.connector.Connector;
import dev.serai.dataset.DatasetCreation;
import dev.serai.failure.FailureException;

/** Makes a dataset of every model that a connector has, for connectors that were bootstrapped so. */
class DatasetDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetDiscovery.class);

    private final SourceModels models;
    private final DatasetCreation datasets;
    private final DiscoveryMark mark;

    DatasetDiscovery(SourceModels models, DatasetCreation datasets, DiscoveryMark mark) {
        this.models = models;
        this.datasets = datasets;
        this.mark = mark;
    }

    /**
     * Looks the models up and makes what datasets are missing.
     *
     * @throws FailureException where they cannot be looked up; the connector then says so
     */
    void discover(Connector connector) {
        try {
            int made =
                    datasets.createDiscovered(connector, models.of(connector)).size();
            mark.set(connector.id(), "done");
            LOG.info("{} new datasets of {} were discovered", made, connector.slug());
        } catch (RuntimeException e) {
            mark.set(connector.id(), "failed");
            throw e;
        }
    }
}
