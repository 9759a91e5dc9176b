/** Connectors to Elasticsearch and OpenSearch: indices, aliases and data streams over their HTTP API. */
@org.jspecify.annotations.NullMarked
package dev.serai.connector.search;
