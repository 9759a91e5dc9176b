package dev.serai.sync;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.NewConnector;
import dev.serai.connector.Schedule;

/**
 * A connector, its schedule and its datasets, made in one go.
 *
 * @param datasets as in the request; empty: none; null: all models, discovered in the background
 */
public record BootstrapRequest(NewConnector connector, Schedule schedule, @Nullable List<ObjectNode> datasets) {}
