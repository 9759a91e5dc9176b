/** Configured connectors: store, life cycle, invoking an operation, test history, discovery cache. */
@NullMarked
package dev.serai.connector;

import org.jspecify.annotations.NullMarked;
