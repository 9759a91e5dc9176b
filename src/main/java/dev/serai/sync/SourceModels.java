package dev.serai.sync;

import java.util.List;

import dev.serai.connector.Connector;

/** Which models a connector has within its output schemas, asked for anew. */
@FunctionalInterface
interface SourceModels {
    /** The models' ids. */
    List<String> of(Connector connector);
}
