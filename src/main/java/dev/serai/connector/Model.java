package dev.serai.connector;

import org.jspecify.annotations.Nullable;

/**
 * Something of a source that has rows: a table, a view, a collection, an endpoint.
 *
 * @param id safe in a URL's path
 * @param schema null where the source has none
 * @param kind such as {@code table}, {@code view}, {@code materialized_view}
 */
public record Model(String id, String name, @Nullable String schema, String kind, @Nullable Long rowEstimate) {}
