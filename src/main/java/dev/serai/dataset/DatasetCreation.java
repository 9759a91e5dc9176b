package dev.serai.dataset;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.audit.AuditLog;
import dev.serai.catalog.ConnectorType;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Times;

/** Makes datasets: one that somebody asks for, those of a bootstrap, those of discovered models. Never dials. */
@Component
public class DatasetCreation {
    private final DatasetStore store;
    private final DatasetOrigins origins;
    private final ConnectorStore connectors;
    private final TransactionOperations transactions;
    private final AuditLog audit;
    private final Clock clock;

    DatasetCreation(
            DatasetStore store,
            DatasetOrigins origins,
            ConnectorStore connectors,
            TransactionOperations transactions,
            AuditLog audit,
            Clock clock) {
        this.store = store;
        this.origins = origins;
        this.connectors = connectors;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    Dataset create(String project, ObjectNode json) {
        List<Fault> faults = new ArrayList<>();
        return create(project, DatasetFields.read(json, null, "", faults), faults);
    }

    Dataset create(String project, NewDataset wanted) {
        return create(project, wanted, new ArrayList<>());
    }

    private Dataset create(String project, NewDataset wanted, List<Fault> faults) {
        new DatasetRules("", faults).check(wanted);
        Optional<Connector> connector = connectors.find(project, wanted.connectorId());
        if (connector.isEmpty()
                && faults.stream().noneMatch(fault -> fault.pointer().equals("/connector_id"))) {
            faults.add(new Fault("/connector_id", "names no connector"));
        }
        connector.ifPresent(there -> origins.check(there, wanted, faults));
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return insert(
                connector.orElseThrow(),
                wanted,
                origins.nameOf(connector.orElseThrow().slug(), wanted));
    }

    /**
     * Reads datasets for a connector that does not exist yet.
     *
     * @param type of the connector; null where it is not known
     * @param prefix of the pointers of the faults that are added; an entry's number follows
     */
    public List<NewDataset> read(
            List<ObjectNode> entries,
            @Nullable ConnectorType type,
            List<String> outputSchemas,
            String prefix,
            List<Fault> faults) {
        List<NewDataset> wanted = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String pointer = prefix + "/" + i;
            NewDataset one = DatasetFields.read(entries.get(i), "", pointer, faults);
            new DatasetRules(pointer, faults).check(one);
            if (type != null) {
                origins.check(type, outputSchemas, one, pointer, faults);
            }
            if (!names.add(origins.nameOf("x", one).toLowerCase(Locale.ROOT))) {
                faults.add(new Fault(pointer + "/name", "is the name of another entry"));
            }
            wanted.add(one);
        }
        return wanted;
    }

    /** Creates datasets that were {@link #read}, in the caller's transaction. */
    public List<Dataset> createAll(Connector connector, List<NewDataset> wanted) {
        return wanted.stream()
                .map(one -> insert(connector, one, origins.nameOf(connector.slug(), one)))
                .toList();
    }

    /**
     * Makes a dataset of every model that the connector has none for yet; a taken name gets a number. Of several that do
     * so at once one goes first.
     */
    public List<Dataset> createDiscovered(Connector connector, List<String> models) {
        return Objects.requireNonNull(transactions.execute(tx -> {
            if (!store.lockConnector(connector.id())) {
                return List.of();
            }
            Set<String> known = new HashSet<>();
            store.ofConnector(connector.project(), connector.id()).stream()
                    .flatMap(dataset -> Stream.ofNullable(dataset.model()))
                    .forEach(known::add);
            List<Dataset> made = new ArrayList<>();
            for (String model : models) {
                if (known.add(model)) {
                    NewDataset wanted = NewDataset.ofModel(connector.id(), model);
                    String name = freeName(connector, origins.nameOf(connector.slug(), wanted));
                    made.add(insert(connector, wanted, name));
                }
            }
            return made;
        }));
    }

    /** Makes the dataset of uploaded rows, which has no source to be read from again. */
    Dataset createUploaded(Connector connector, String name) {
        return insert(
                connector,
                new NewDataset(
                        connector.id(),
                        null,
                        null,
                        "upload",
                        name,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        List.of()),
                name);
    }

    private String freeName(Connector connector, String name) {
        String free = name;
        for (int number = 2; store.findByName(connector.project(), free).isPresent(); number++) {
            free = DatasetNames.numbered(name, number);
        }
        return free;
    }

    private Dataset insert(Connector connector, NewDataset wanted, String name) {
        Instant now = Times.stored(clock.instant());
        Dataset dataset = new Dataset(
                Ids.next("dat"),
                connector.project(),
                name,
                connector.id(),
                connector.enabled() ? "active" : "disabled",
                origins.model(wanted),
                wanted.query(),
                wanted.path(),
                wanted.mode(),
                wanted.watermarkColumn(),
                null,
                null,
                wanted.primaryKey(),
                !wanted.primaryKey().isEmpty(),
                wanted.lookback(),
                wanted.schemaPolicy() == null ? "evolve" : wanted.schemaPolicy(),
                wanted.detectDeletes() == null ? "none" : wanted.detectDeletes(),
                wanted.connections(),
                wanted.columns(),
                wanted.filter(),
                wanted.readers(),
                List.of(),
                0,
                0,
                null,
                "new",
                null,
                null,
                now,
                now);
        transactions.executeWithoutResult(tx -> {
            store.insert(dataset);
            audit.changed(
                    dataset.project(),
                    "dataset.create",
                    dataset.id(),
                    name,
                    connector.id(),
                    DatasetChanges.ofNew(dataset));
        });
        return store.find(connector.project(), dataset.id()).orElseThrow();
    }
}
