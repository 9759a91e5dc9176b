package dev.serai.sync;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.connector.OngoingCall;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Starts a sync for a route of the user's own: the bean of the route {@code sync}. */
@Component
public class SyncEntry {
    private final ConnectorStore connectors;
    private final Syncs syncs;

    SyncEntry(ConnectorStore connectors, Syncs syncs) {
        this.connectors = connectors;
        this.syncs = syncs;
    }

    /**
     * Starts a run and does not wait for its end.
     *
     * @param connector the slug
     * @param project {@code default} where null
     * @param mode {@code full} or {@code incremental}; null: each dataset's own
     * @return the {@code run_id}
     */
    public Map<String, String> start(@Nullable String connector, @Nullable String project, @Nullable String mode) {
        return OngoingCall.unbroken(() -> started(connector, project, mode));
    }

    private Map<String, String> started(@Nullable String connector, @Nullable String project, @Nullable String mode) {
        String where = project == null ? "default" : project;
        Connector found = connectors
                .findBySlug(where, connector == null ? "" : connector)
                .orElseThrow(
                        () -> new FailureException(new Failure.Missing("There is no connector " + connector + ".")));
        return Map.of(
                "run_id",
                syncs.start(where, found.id(), mode, null, "manual", "route").id());
    }
}
