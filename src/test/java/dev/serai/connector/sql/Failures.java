package dev.serai.connector.sql;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The failure that a call ends with. */
public final class Failures {
    private Failures() {}

    public static Failure of(ThrowingCallable call) {
        FailureException thrown = catchThrowableOfType(FailureException.class, call);
        if (thrown == null) {
            throw new AssertionError("The call did not fail");
        }
        return thrown.failure();
    }
}
