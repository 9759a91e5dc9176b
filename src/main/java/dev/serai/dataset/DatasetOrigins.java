package dev.serai.dataset;

import java.util.List;
import java.util.Optional;

import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.connector.Connector;
import dev.serai.failure.Fault;

/** Whether a connector can give what a dataset wants, as far as can be told without dialling, and how it is called. */
@Component
class DatasetOrigins {
    private final Catalog catalog;

    DatasetOrigins(Catalog catalog) {
        this.catalog = catalog;
    }

    void check(Connector connector, NewDataset wanted, String prefix, List<Fault> faults) {
        Optional<ConnectorType> type = catalog.find(connector.type());
        if (type.isEmpty() || !type.get().queryable()) {
            faults.add(new Fault(prefix + "/connector_id", "A connector of this type cannot give datasets."));
            return;
        }
        boolean storage = type.get().category().equals("storage");
        if (wanted.path() != null && !storage) {
            faults.add(new Fault(prefix + "/path", "Only storage connectors have paths."));
        }
        if (wanted.model() != null && !connector.outputSchemas().isEmpty()) {
            String schema = ModelNames.schema(wanted.model());
            if (!connector.outputSchemas().contains(schema)) {
                faults.add(new Fault(prefix + "/model", "Its schema is not among the connector's output_schemas."));
            }
        }
    }

    /** The model as the connector knows it. */
    String model(String given) {
        return given;
    }

    String nameOf(Connector connector, NewDataset wanted) {
        if (wanted.name() != null) {
            return wanted.name();
        }
        String model = wanted.model() == null ? "" : wanted.model();
        return DatasetNames.of(connector.slug(), ModelNames.schema(model), ModelNames.name(model));
    }
}
