package dev.serai.sync;

import java.util.List;

import dev.serai.connector.Connector;
import dev.serai.rows.Cancellation;

/** Which models a connector has within its output schemas, asked for anew. */
@FunctionalInterface
interface SourceModels {
    /**
     * The models' ids.
     *
     * @param cancellation ends the call, whatever it waits for
     */
    List<String> of(Connector connector, Cancellation cancellation);
}
