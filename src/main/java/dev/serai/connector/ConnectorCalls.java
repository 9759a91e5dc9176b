package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.rows.RowSource;

/**
 * Calls one operation of a connector: starts its route if need be, sends one exchange, reads the answer as what the
 * operation promises. A failure comes as a {@link dev.serai.failure.FailureException}.
 */
public class ConnectorCalls {

    /** An operation that answers with JSON: {@code models}, {@code schema}, an action. */
    public JsonNode json(Connector connector, String operation, ObjectNode request) {
        throw new UnsupportedOperationException();
    }

    /** An operation that answers with rows: {@code read}, {@code query}. The caller closes them. */
    public RowSource rows(Connector connector, String operation, ObjectNode request) {
        throw new UnsupportedOperationException();
    }

    /** A test of a saved connector. */
    public TestResult test(Connector connector) {
        throw new UnsupportedOperationException();
    }

    /** A test of a config that is not saved, in a route of its own that is gone afterwards. */
    public TestResult test(String type, ObjectNode config) {
        throw new UnsupportedOperationException();
    }
}
