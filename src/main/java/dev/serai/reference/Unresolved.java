package dev.serai.reference;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** How it is told that a reference stands for nothing now. The reference is no secret; what was found may be one. */
final class Unresolved {
    private Unresolved() {}

    static FailureException of(SecretReference reference, String why, @Nullable Exception cause) {
        return of(reference, why, false, cause);
    }

    /** @param retryable whether it may be there later, with nothing changed here */
    static FailureException of(SecretReference reference, String why, boolean retryable, @Nullable Exception cause) {
        return new FailureException(
                new Failure.Source(
                        Failure.Layer.CONFIG,
                        "reference_unresolved",
                        "The secret cannot be had from " + reference + ": " + why + ".",
                        retryable),
                cause);
    }
}
