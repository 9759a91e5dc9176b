package dev.serai.connector;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whether a connector may be what somebody wants it to be, by its type and the rules for all. */
final class ConnectorChecks {
    private final Catalog catalog;
    private final ConfigValidator validator;
    private final Destinations destinations;

    ConnectorChecks(Catalog catalog, ConfigValidator validator, Destinations destinations) {
        this.catalog = catalog;
        this.validator = validator;
        this.destinations = destinations;
    }

    ConnectorDraft draft(NewConnector wanted, Schedule schedule, Faults faults) {
        String name = ConnectorRules.name(wanted.name(), faults);
        Optional<ConnectorType> type = known(wanted.type(), faults);
        return new ConnectorDraft(
                name,
                type,
                ConnectorRules.description(wanted.description(), faults),
                config(type, wanted.config(), faults),
                ConnectorRules.outputSchemas(wanted.outputSchemas(), faults),
                ConnectorRules.schedule(schedule, faults));
    }

    /** The type of a name or alias that a request has at {@code /type}. */
    Optional<ConnectorType> known(String type, Faults faults) {
        Optional<ConnectorType> known = catalog.find(type);
        if (known.isEmpty()) {
            faults.add("/type", "is no connector type of the catalog");
        }
        return known;
    }

    /** A new config with defaults; as it is where its type is not known. */
    ObjectNode config(Optional<ConnectorType> type, ObjectNode config, Faults faults) {
        return type.map(known -> change(known).create(config, faults)).orElse(config);
    }

    void destinations(ConnectorType type, ObjectNode config, Faults faults) {
        destinations.check(type, config, faults);
    }

    ConfigChange change(ConnectorType type) {
        return new ConfigChange(type, validator, destinations);
    }

    /** The type of a connector that was made when the catalog had it. */
    ConnectorType type(Connector connector) {
        return catalog.find(connector.type())
                .orElseThrow(() -> new FailureException(new Failure.Conflict(
                        "type_missing",
                        "The connector type " + connector.type() + " is not in the catalog any more.")));
    }

    /** A patch may name the type, by any of its names, but not change it. */
    void keepsType(Connector connector, ObjectNode patch, Faults faults) {
        if (patch.has("type") && !canonical(patch.path("type").asText()).equals(connector.type())) {
            faults.add("/type", "cannot be changed; make a new connector");
        }
    }

    /** The types that a filter means; null: all, also those that have gone from the catalog. */
    @Nullable
    Set<String> types(ConnectorStore.Filter filter) {
        String type = filter.type();
        String category = filter.category();
        if (category == null) {
            return type == null ? null : Set.of(canonical(type));
        }
        return catalog.types().stream()
                .filter(known -> known.category().equals(category))
                .map(ConnectorType::type)
                .filter(name -> type == null || name.equals(canonical(type)))
                .collect(Collectors.toSet());
    }

    private String canonical(String typeOrAlias) {
        return catalog.find(typeOrAlias).map(ConnectorType::type).orElse(typeOrAlias);
    }
}
