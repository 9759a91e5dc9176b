package dev.serai.connector.document;

import java.util.Set;
import javax.net.ssl.SSLException;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** What does an exception of MongoDB's driver mean? Its words quote documents and hosts, so ours are told. */
final class MongoFailures {
    private static final int UNAUTHORIZED = 13;
    private static final int AUTHENTICATION_FAILED = 18;
    private static final int CURSOR_NOT_FOUND = 43;
    private static final int TIME_LIMIT = 50;

    /** The server stops, or is another member's secondary from now on. */
    private static final Set<Integer> GOING = Set.of(91, 189, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436);

    private MongoFailures() {}

    static FailureException exception(
            Layer layer, String code, String detail, boolean retryable, @Nullable Exception cause) {
        return new FailureException(new Failure.Source(layer, code, detail, retryable), cause);
    }

    /** What the driver threw, as a failure. */
    static FailureException of(RuntimeException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return failure;
            } else if (cause instanceof SSLException) {
                return exception(
                        Layer.TLS, "tls_failed", "No trusted encrypted connection could be made.", false, thrown);
            }
        }
        if (thrown instanceof MongoCommandException refusal) {
            return command(refusal);
        } else if (thrown instanceof MongoSecurityException) {
            boolean refused = thrown.getCause() instanceof MongoCommandException command
                    && command.getErrorCode() == AUTHENTICATION_FAILED;
            return refused
                    ? exception(
                            Layer.AUTHENTICATE,
                            "authentication_failed",
                            "The server does not accept the user name and password.",
                            false,
                            thrown)
                    : exception(
                            Layer.AUTHENTICATE,
                            "authentication_failed",
                            "The login broke off or was refused.",
                            false,
                            thrown);
        } else if (thrown instanceof MongoExecutionTimeoutException
                || thrown instanceof MongoSocketReadTimeoutException) {
            return timeout(thrown);
        } else if (thrown instanceof MongoTimeoutException timeout) {
            return unreachable(timeout);
        } else if (thrown instanceof MongoSocketOpenException) {
            return unreachable(thrown);
        } else if (thrown instanceof MongoSocketException) {
            return exception(
                    Layer.READ, "connection_lost", "The connection to the server was lost midway.", true, thrown);
        }
        if (thrown instanceof MongoException) {
            return exception(Layer.READ, "read_failed", "The server broke off while it was asked.", true, thrown);
        }
        throw thrown;
    }

    static FailureException timeout(@Nullable Exception cause) {
        return exception(Layer.READ, "timeout", "The server did not answer in time.", true, cause);
    }

    /** The driver waits for a server that fits and tells of the last tries only by words. */
    private static FailureException unreachable(RuntimeException thrown) {
        String said = String.valueOf(thrown.getMessage());
        if (said.contains("MongoSecurityException")) {
            return exception(
                    Layer.AUTHENTICATE,
                    "authentication_failed",
                    "The server does not accept the user name and password.",
                    false,
                    thrown);
        } else if (said.contains("SSLHandshakeException") || said.contains("SSLException")) {
            return exception(Layer.TLS, "tls_failed", "No trusted encrypted connection could be made.", false, thrown);
        } else if (said.contains("not allowed")) {
            return exception(
                    Layer.RESOLVE, "address_denied", "Connections to a host's address are not allowed.", false, thrown);
        }
        boolean silent = said.contains("state=CONNECTING") && !said.contains("exception=");
        if (silent || said.contains("SocketReadTimeoutException") || said.contains("SocketTimeoutException")) {
            return exception(
                    Layer.CONNECT,
                    "timeout",
                    "Nobody answered as MongoDB does within the connect timeout. Check hosts, port, TLS and the replica set's name.",
                    true,
                    thrown);
        }
        return exception(
                Layer.CONNECT,
                "unreachable",
                "No server that fits the config could be reached. Check hosts, port, TLS, replica set and any firewall between.",
                true,
                thrown);
    }

    private static FailureException command(MongoCommandException thrown) {
        if (GOING.contains(thrown.getErrorCode())) {
            return exception(Layer.READ, "connection_lost", "The server stops, or hands its work over.", true, thrown);
        }
        return switch (thrown.getErrorCode()) {
            case UNAUTHORIZED ->
                exception(
                        Layer.AUTHORIZE,
                        "permission_denied",
                        "The server does not let the user do this.",
                        false,
                        thrown);
            case AUTHENTICATION_FAILED ->
                exception(
                        Layer.AUTHENTICATE,
                        "authentication_failed",
                        "The server does not accept the user name and password.",
                        false,
                        thrown);
            case TIME_LIMIT -> timeout(thrown);
            case CURSOR_NOT_FOUND ->
                exception(
                        Layer.READ, "connection_lost", "The server gave the read up before it was done.", true, thrown);
            default ->
                exception(
                        Layer.READ,
                        "rejected",
                        "The server refused the request (error " + thrown.getErrorCode() + ").",
                        false,
                        thrown);
        };
    }
}
