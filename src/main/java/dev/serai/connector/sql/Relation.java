package dev.serai.connector.sql;

import org.jspecify.annotations.Nullable;

/**
 * What can be read of a source under one name?
 *
 * @param rowEstimate as the source last counted it; null where it did not
 */
public record Relation(String schema, String name, String kind, @Nullable Long rowEstimate) {}
