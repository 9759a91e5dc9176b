package dev.serai.api;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Ids;

/** How failures are told over HTTP: as RFC 9457 {@code application/problem+json}, the one place that does so. */
@Component
class Problems {
    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** What RFC 9110 wants with every 401. */
    static final String CHALLENGE = "Bearer realm=\"serai\"";

    /** The body of a problem. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Problem(
            String type,
            String title,
            int status,
            String detail,
            String code,
            boolean retryable,
            @Nullable Integer position,
            @Nullable List<Fault> errors) {}

    /** An expected failure as it is; anything else is ours, and only the log says what it was. */
    Answer of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException expected) {
                if (expected.failure() instanceof Failure.Internal) {
                    log.error("A call failed", thrown);
                }
                return of(expected.failure());
            }
        }
        String id = Ids.next("err");
        log.error("A call failed unexpectedly ({})", id, thrown);
        return of(new Failure.Internal("Serai failed to answer this. Its log says more under " + id + "."));
    }

    Answer of(Failure failure) {
        Integer position = failure instanceof Failure.Unreadable unreadable ? unreadable.position() : null;
        List<Fault> errors = failure instanceof Failure.Invalid invalid ? invalid.errors() : null;
        Answer answer = of(status(failure), failure.code(), failure.detail(), failure.retryable(), position, errors);
        if (failure instanceof Failure.Unauthorized) {
            return answer.with(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
        return failure instanceof Failure.Passing passing
                ? answer.with(
                        "Retry-After",
                        String.valueOf(
                                Math.max(1, passing.retryAfter().plusMillis(999).toSeconds())))
                : answer;
    }

    /** What HTTP itself refuses. */
    Answer of(HttpStatus status, String code, String detail) {
        return of(status, code, detail, status.is5xxServerError(), null, null);
    }

    private static Answer of(
            HttpStatus status,
            String code,
            String detail,
            boolean retryable,
            @Nullable Integer position,
            @Nullable List<Fault> errors) {
        return new Answer(
                status.value(),
                MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                Map.of(),
                new Problem(
                        "/problems/" + code,
                        status.getReasonPhrase(),
                        status.value(),
                        detail,
                        code,
                        retryable,
                        position,
                        errors));
    }

    private static HttpStatus status(Failure failure) {
        if (failure instanceof Failure.Source source) {
            return source.timedOut() ? HttpStatus.GATEWAY_TIMEOUT : HttpStatus.BAD_GATEWAY;
        } else if (failure instanceof Failure.TimedOut) {
            return HttpStatus.GATEWAY_TIMEOUT;
        } else if (failure instanceof Failure.Invalid) {
            return HttpStatus.UNPROCESSABLE_ENTITY;
        } else if (failure instanceof Failure.Unreadable) {
            return HttpStatus.BAD_REQUEST;
        } else if (failure instanceof Failure.Missing) {
            return HttpStatus.NOT_FOUND;
        } else if (failure instanceof Failure.Conflict || failure instanceof Failure.Cancelled) {
            return HttpStatus.CONFLICT;
        } else if (failure instanceof Failure.Unauthorized) {
            return HttpStatus.UNAUTHORIZED;
        } else if (failure instanceof Failure.Forbidden) {
            return HttpStatus.FORBIDDEN;
        } else if (failure instanceof Failure.TooLarge) {
            return HttpStatus.PAYLOAD_TOO_LARGE;
        } else if (failure instanceof Failure.Busy) {
            return HttpStatus.TOO_MANY_REQUESTS;
        } else if (failure instanceof Failure.Exhausted) {
            return HttpStatus.SERVICE_UNAVAILABLE;
        } else if (failure instanceof Failure.DiskFull) {
            return HttpStatus.INSUFFICIENT_STORAGE;
        }
        return HttpStatus.INTERNAL_SERVER_ERROR;
    }
}
