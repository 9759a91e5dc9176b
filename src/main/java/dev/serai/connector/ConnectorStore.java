package dev.serai.connector;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Keeps configured connectors in {@code data_connectors}, their secrets sealed. */
public class ConnectorStore {

    /** Which connectors to list; {@code after} is the last id of the page before. */
    public record Filter(
            @Nullable String type,
            @Nullable String category,
            @Nullable Boolean enabled,
            @Nullable String search,
            int limit,
            @Nullable String after) {}

    public Optional<Connector> find(String project, String id) {
        throw new UnsupportedOperationException();
    }

    public Optional<Connector> findBySlug(String project, String slug) {
        throw new UnsupportedOperationException();
    }

    public List<Connector> list(String project, Filter filter) {
        throw new UnsupportedOperationException();
    }

    /** The whole config, secrets opened; for the connector's own route only. */
    public ObjectNode open(Connector connector) {
        throw new UnsupportedOperationException();
    }
}
