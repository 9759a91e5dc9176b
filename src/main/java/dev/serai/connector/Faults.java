package dev.serai.connector;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** Everything wrong with one request. Where all of it is of one special kind, the failure's code says so. */
final class Faults {
    private static final String INVALID = "invalid";

    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> codes = new LinkedHashSet<>();

    void add(String pointer, String message) {
        add(INVALID, pointer, message);
    }

    /** At most one fault is told of each place: the first. */
    void add(String code, String pointer, String message) {
        if (faults.stream().noneMatch(fault -> fault.pointer().equals(pointer))) {
            faults.add(new Fault(pointer, message));
            codes.add(code);
        }
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    List<Fault> all() {
        return List.copyOf(faults);
    }

    void throwIfAny() {
        if (isEmpty()) {
            return;
        }
        String code = codes.size() == 1 ? codes.iterator().next() : INVALID;
        String detail =
                switch (code) {
                    case "secret_required" ->
                        "What says where a stored secret is sent can be changed or tested only together with the secret.";
                    case "egress_denied" -> "The address may not be connected to.";
                    default -> "The request does not fit its schema.";
                };
        throw new FailureException(new Failure.Invalid(code, detail, faults));
    }
}
