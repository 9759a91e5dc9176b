package dev.serai.sync;

import java.util.List;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;

/** What a bootstrap made; datasets that are still to be discovered are not among them. */
public record Bootstrapped(Connector connector, List<Dataset> datasets) {
    public Bootstrapped {
        datasets = List.copyOf(datasets);
    }
}
