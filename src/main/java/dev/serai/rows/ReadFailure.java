package dev.serai.rows;

import java.util.Optional;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;

/** Finds in an exception of a source's the failure it stands for. */
final class ReadFailure {
    private ReadFailure() {}

    static RuntimeException of(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return failure;
            }
        }
        Optional<FailureException> full = FullDisk.in(reason);
        if (full.isPresent()) {
            return full.get();
        }
        if (reason instanceof RuntimeException unexpected) {
            return unexpected;
        }
        return new FailureException(
                new Failure.Source(
                        Failure.Layer.READ, "read_failed", "The source broke off while its rows were read.", true),
                reason);
    }
}
