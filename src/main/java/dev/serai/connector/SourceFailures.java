package dev.serai.connector;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.jayway.jsonpath.PathNotFoundException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.processor.PredicateValidationException;
import org.apache.hc.client5.http.ConnectTimeoutException;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.failure.FullDisk;

/**
 * What failure does an exception from a connector's route stand for?
 *
 * <p>Its words are ours: an exception's own text may hold the address called, a header or a piece of an answer. What
 * already is a failure stays as it is, so that a family of connectors tells its own.
 */
public final class SourceFailures {
    private SourceFailures() {}

    /** As the exception to throw. */
    public static FailureException exception(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable one : chain) {
            if (one instanceof FailureException failure) {
                return failure;
            }
        }
        return FullDisk.in(thrown).orElseGet(() -> new FailureException(of(chain), null));
    }

    private static Failure of(List<Throwable> chain) {
        for (Throwable one : chain) {
            if (one instanceof HttpOperationFailedException http) {
                return status(http.getStatusCode());
            } else if (one instanceof UnknownHostException) {
                return source(Layer.RESOLVE, "unknown_host", "The host is not known.", true);
            } else if (one instanceof ConnectTimeoutException) {
                return source(Layer.CONNECT, "timeout", "The host did not take the connection in time.", true);
            } else if (one instanceof SocketTimeoutException timeout) {
                boolean connecting = String.valueOf(timeout.getMessage())
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("connect");
                return connecting
                        ? source(Layer.CONNECT, "timeout", "The host did not take the connection in time.", true)
                        : timedOut();
            } else if (one instanceof ConnectException || one instanceof NoRouteToHostException) {
                return source(Layer.CONNECT, "connection_refused", "The host refused the connection.", true);
            } else if (one instanceof SSLException) {
                return source(Layer.TLS, "tls_failed", "No trusted encrypted connection could be made.", false);
            } else if (one instanceof TimeoutException) {
                return timedOut();
            } else if (one instanceof InterruptedException) {
                return new Failure.Cancelled("The call was stopped.");
            } else if (one instanceof PredicateValidationException) {
                String detail = "Connectors of this type do not take such a request.";
                return new Failure.Invalid("invalid", detail, List.of(new Fault("", detail)));
            } else if (one instanceof PathNotFoundException || one instanceof JsonProcessingException) {
                return unreadable("The source's answer is not laid out as the connector type expects.");
            } else if (one instanceof FileNotFoundException) {
                return source(
                        Layer.AUTHORIZE, "source_not_found", "There is no such file, or it may not be read.", false);
            }
        }
        boolean brokeOff = chain.stream().anyMatch(IOException.class::isInstance);
        return brokeOff ? brokeOff() : source(Layer.READ, "failed", "The source could not be read.", false);
    }

    /** Of an answer that is no success. */
    public static Failure status(int code) {
        String said = "The source answered with status " + code;
        return switch (code) {
            case 401 ->
                source(Layer.AUTHENTICATE, "unauthorized", said + ": it does not accept the credentials.", false);
            case 403 -> source(Layer.AUTHORIZE, "forbidden", said + ": the credentials may not do this.", false);
            case 404 -> source(Layer.AUTHORIZE, "source_not_found", said + ": there is no such thing there.", false);
            case 407 -> source(Layer.CONNECT, "proxy", said + ": a proxy wants credentials.", false);
            case 408, 504 -> source(Layer.READ, "timeout", said + ": it was too slow.", true);
            case 429 -> source(Layer.READ, RATE_LIMIT, said + ": too many requests.", true);
            default -> other(code, said);
        };
    }

    /** The code of a source that wants to be asked less often. */
    public static final String RATE_LIMIT = "rate_limit";

    private static Failure other(int code, String said) {
        if (code >= 500) {
            return source(Layer.READ, "source_failed", said + ".", true);
        }
        return code >= 300 && code < 400
                ? source(Layer.READ, "redirected", said + ": it is to be found at another address.", false)
                : source(Layer.READ, "rejected", said + ".", false);
    }

    public static Failure.Source timedOut() {
        return source(Layer.READ, "timeout", "The source did not answer in time.", true);
    }

    public static Failure.Source brokeOff() {
        return source(Layer.READ, "read_failed", "The source broke off in the middle of its answer.", true);
    }

    public static Failure.Source unreadable(String detail) {
        return source(Layer.READ, "unreadable_answer", detail, false);
    }

    /** Not the source's fault: who asks for less gets an answer. */
    static Failure tooLarge(String detail) {
        return new Failure.Invalid("answer_too_large", detail, List.of());
    }

    private static Failure.Source source(Layer layer, String code, String detail, boolean retryable) {
        return new Failure.Source(layer, code, detail, retryable);
    }

    /** The kinds of an exception and its causes, for logs: never their texts. */
    static String kinds(Throwable thrown) {
        return chain(thrown).stream().map(one -> one.getClass().getSimpleName()).collect(Collectors.joining(" < "));
    }

    private static List<Throwable> chain(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable one = thrown; one != null && seen.add(one); one = one.getCause()) {
            chain.add(one);
        }
        return chain;
    }
}
