package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.connector.Connector;
import dev.serai.rows.Cancellation;
import dev.serai.rows.RowSource;

/** Where rows come from: a connector's {@code read}. */
@FunctionalInterface
interface SourceReads {
    /**
     * @param cancellation ends the call also while it has given no rows yet; afterwards closing the rows ends them
     * @throws dev.serai.failure.FailureException saying how far it came
     */
    RowSource read(Connector connector, ObjectNode request, Cancellation cancellation);
}
