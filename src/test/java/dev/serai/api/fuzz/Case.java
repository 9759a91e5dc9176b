package dev.serai.api.fuzz;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Requests that belong together.
 *
 * @param together whether they are sent at the same time, and not one after the other
 */
record Case(List<Draft> steps, boolean together) {
    Case {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return steps.stream()
                .map(Draft::toString)
                .collect(Collectors.joining("\n  ", together ? "together:\n  " : "\n  ", ""));
    }
}
