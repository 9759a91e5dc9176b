package dev.serai.connector;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a connector's test went.
 *
 * @param category null when ok; {@code timeout} when a step ran out of time, else the failed step's name or
 *     {@code rate_limit}
 */
public record TestResult(
        boolean ok, long latencyMs, @Nullable String error, @Nullable String category, List<Step> steps) {

    /** One step on the way to the source, in the order walked; those after a failed one were not tried. */
    public record Step(String name, boolean ok, long latencyMs, @Nullable String error) {}
}
