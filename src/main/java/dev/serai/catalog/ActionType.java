package dev.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;

/** An action that connectors of a type offer, with the JSON Schemas of its input and output. */
public record ActionType(String name, String title, String description, JsonNode inputSchema, JsonNode outputSchema) {}
