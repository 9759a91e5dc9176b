package dev.serai.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Operations;
import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.dataset.DatasetCreation;
import dev.serai.dataset.NewDataset;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** Makes a connector with its schedule and its datasets: all of it or nothing, and without dialling anybody. */
@Service
public class Bootstrap {
    private final Connectors connectors;
    private final DatasetCreation datasets;
    private final Catalog catalog;
    private final TransactionOperations transactions;
    private final DatasetDiscovery discovery;

    Bootstrap(
            Connectors connectors,
            DatasetCreation datasets,
            Catalog catalog,
            TransactionOperations transactions,
            DatasetDiscovery discovery) {
        this.connectors = connectors;
        this.datasets = datasets;
        this.catalog = catalog;
        this.transactions = transactions;
        this.discovery = discovery;
    }

    /** @throws FailureException with the faults of connector, schedule and datasets at once, or {@code name_taken} */
    public Bootstrapped bootstrap(String project, BootstrapRequest request) {
        List<ObjectNode> asked = request.datasets();
        List<Fault> faults = new ArrayList<>();
        Optional<ConnectorType> type = catalog.find(request.connector().type());
        if (type.isPresent() && !isReadable(type.get())) {
            faults.add(new Fault("/type", "is a type whose connectors give no datasets"));
        }
        List<NewDataset> wanted = datasets.read(
                asked == null ? List.of() : asked,
                type.orElse(null),
                request.connector().outputSchemas(),
                "/datasets",
                faults);
        if (!faults.isEmpty()) {
            List<Fault> all = new ArrayList<>(connectors.faults(request.connector(), request.schedule()));
            all.addAll(faults);
            throw new FailureException(Failure.Invalid.of(all));
        }
        Bootstrapped made = Objects.requireNonNull(transactions.execute(tx -> {
            Connector connector = connectors.create(
                    project, request.connector(), request.schedule(), asked == null ? "pending" : null);
            return new Bootstrapped(connector, datasets.createAll(connector, wanted));
        }));
        if (asked == null) {
            discovery.begin(made.connector());
        }
        return made;
    }

    private static boolean isReadable(ConnectorType type) {
        return type.queryable() && type.capabilities().contains(Operations.READ);
    }
}
