package dev.serai.failure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Why something expected went wrong.
 *
 * <p>It becomes {@code application/problem+json} at the edge, a run's {@code error} in the journal, a step in a
 * connector's test. {@link #detail()} is for the user: no secret, no class name, no SQL of ours.
 */
public sealed interface Failure {

    /** A stable word for programs, such as {@code name_taken}; the problem's type is {@code /problems/<code>}. */
    String code();

    String detail();

    /** Whether the same call may succeed later with nothing changed. */
    default boolean retryable() {
        return false;
    }

    /** The input was read but does not fit (422). All faults at once. */
    record Invalid(String code, String detail, List<Fault> errors) implements Failure {
        public Invalid {
            errors = List.copyOf(errors);
        }

        public static Invalid of(List<Fault> errors) {
            return new Invalid("invalid", "The request does not fit its schema.", errors);
        }

        public static Invalid of(String pointer, String message) {
            return of(List.of(new Fault(pointer, message)));
        }
    }

    /**
     * The input could not be read at all (400): JSON, a cursor, SQL.
     *
     * @param position 1-based character position of the fault in the SQL text, where known
     */
    record Unreadable(String code, String detail, @Nullable Integer position) implements Failure {}

    /** No such thing, or not this caller's (404). */
    record Missing(String detail) implements Failure {
        @Override
        public String code() {
            return "not_found";
        }
    }

    /** The call contradicts the present state (409). */
    record Conflict(String code, String detail) implements Failure {}

    /** Nobody that we know (401): a wrong password. */
    record Unauthorized(String code, String detail) implements Failure {}

    /** The caller may not do this (403). */
    record Forbidden(String code, String detail) implements Failure {}

    /** The body is larger than allowed (413). */
    record TooLarge(String detail) implements Failure {
        @Override
        public String code() {
            return "too_large";
        }
    }

    /** It passes by itself, and is worth a retry after the given time. */
    sealed interface Passing extends Failure {
        Duration retryAfter();

        @Override
        default boolean retryable() {
            return true;
        }
    }

    /** Too much at once, here or there (429). */
    record Busy(String code, String detail, Duration retryAfter) implements Passing {}

    /** All of what the call needs is in use, such as a connector's connections (503). */
    record Exhausted(String code, String detail, Duration retryAfter) implements Passing {}

    /**
     * The far system failed (502) or was too slow (504).
     *
     * @param layer where on the way: config, resolve, connect, tunnel, tls, authenticate, authorize, read
     */
    record Source(Layer layer, String code, String detail, boolean retryable) implements Failure {
        public boolean timedOut() {
            return code.equals("timeout");
        }
    }

    /** Our own side took longer than it may (504), such as a query over datasets. */
    record TimedOut(String detail) implements Failure {
        @Override
        public String code() {
            return "timeout";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** There is no room left on a disk of ours (507); worth a retry once there is. */
    record DiskFull(String detail) implements Failure {
        @Override
        public String code() {
            return "disk_full";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** Stopped by a person or at shutdown. */
    record Cancelled(String detail) implements Failure {
        @Override
        public String code() {
            return "cancelled";
        }
    }

    /** Our own fault (500); the log has the cause under the same run or request id. */
    record Internal(String detail) implements Failure {
        @Override
        public String code() {
            return "internal";
        }
    }

    /** The way to a far system, in the order it is walked. The names are those of a connector test's steps. */
    enum Layer {
        /** Before anybody is called: what the config names cannot be had. */
        CONFIG,
        RESOLVE,
        CONNECT,
        /** Through an SSH server, which then is what was looked up and connected to. */
        TUNNEL,
        TLS,
        AUTHENTICATE,
        AUTHORIZE,
        READ;

        /** The step's name in the API. */
        public String step() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
