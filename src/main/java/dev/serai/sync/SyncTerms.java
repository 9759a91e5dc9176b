package dev.serai.sync;

import java.util.Optional;

import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.connector.Connector;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whether a connector can be synced as it stands. */
@Component
class SyncTerms {
    private final Catalog catalog;

    SyncTerms(Catalog catalog) {
        this.catalog = catalog;
    }

    /** @throws FailureException {@code connector_disabled}, {@code not_syncable} */
    void check(Connector connector) {
        Optional<ConnectorType> type = catalog.find(connector.type());
        if (type.isEmpty()) {
            throw refused("not_syncable", "The connector's type is not in the catalog any more.");
        }
        if (!type.get().queryable() || !type.get().capabilities().contains("read")) {
            throw refused("not_syncable", "A connector of this type has nothing to sync from.");
        }
        if (!connector.enabled()) {
            throw refused("connector_disabled", "The connector is disabled.");
        }
    }

    private static FailureException refused(String code, String detail) {
        return new FailureException(new Failure.Conflict(code, detail));
    }
}
