package dev.serai.connector.sql;

import java.util.List;

/**
 * Which models is a catalog to list?
 *
 * @param schemas empty for those that are the user's own
 * @param search part of a name, ignoring case; empty for all
 * @param afterSchema with {@code afterName} the model to go on after; both empty at the start
 */
public record Listing(List<String> schemas, String search, String afterSchema, String afterName, int limit) {}
