package dev.serai.dataset;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Operations;
import dev.serai.connector.Connector;
import dev.serai.connector.ModelName;
import dev.serai.failure.Fault;

/** Whether a connector can give what a dataset wants, as far as can be told without dialling, and how it is called. */
@Component
class DatasetOrigins {
    private final Catalog catalog;

    DatasetOrigins(Catalog catalog) {
        this.catalog = catalog;
    }

    /** All but the connector itself, which the request does not name under the prefix. */
    void check(ConnectorType type, List<String> schemas, NewDataset wanted, String prefix, List<Fault> faults) {
        if (wanted.path() != null && !type.category().equals("storage")) {
            faults.add(new Fault(prefix + "/path", "is only for storage connectors"));
        }
        String model = wanted.model();
        if (model != null
                && !schemas.isEmpty()
                && !schemas.contains(ModelName.of(model).schema())) {
            faults.add(new Fault(prefix + "/model", "is in a schema that is not among the connector's output_schemas"));
        }
    }

    void check(Connector connector, NewDataset wanted, List<Fault> faults) {
        Optional<ConnectorType> type = catalog.find(connector.type())
                .filter(found -> found.capabilities().contains(Operations.READ));
        if (type.isEmpty() || !type.get().queryable()) {
            faults.add(new Fault("/connector_id", "is of a type whose connectors give no datasets"));
            return;
        }
        check(type.get(), connector.outputSchemas(), wanted, "", faults);
    }

    /** The model's id, however it was named. */
    @Nullable
    String model(NewDataset wanted) {
        return wanted.model() == null ? null : ModelName.of(wanted.model()).id();
    }

    String nameOf(String slug, NewDataset wanted) {
        if (wanted.name() != null) {
            return wanted.name();
        }
        ModelName model = ModelName.of(wanted.model() == null ? "" : wanted.model());
        return DatasetNames.of(slug, model.schema(), model.name());
    }
}
