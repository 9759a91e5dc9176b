package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.connector.Connector;
import dev.serai.rows.RowSource;

/** Where rows come from: a connector's {@code read}. */
@FunctionalInterface
interface SourceReads {
    /** @throws dev.serai.failure.FailureException saying how far it came */
    RowSource read(Connector connector, ObjectNode request);
}
