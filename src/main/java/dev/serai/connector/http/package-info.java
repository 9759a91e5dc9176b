/** The way over HTTP, for families of connectors: pools, TLS, time limits, answers that are streamed. */
@NullMarked
package dev.serai.connector.http;

import org.jspecify.annotations.NullMarked;
