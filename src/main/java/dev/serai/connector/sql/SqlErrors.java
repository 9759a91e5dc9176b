package dev.serai.connector.sql;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/**
 * What does an error of a vendor's server or driver mean?
 *
 * @param whileConnecting what tells a time limit while connecting from one while reading; null: nothing does
 * @param rules the first that fits counts, and the last fits all
 */
public record SqlErrors(@Nullable Sign whileConnecting, List<Rule> rules) {
    /** In a message of ours: what the config says of TLS cannot be used. */
    public static final String TLS_CONFIG = "TLS cannot be set up";

    private static final Duration PAUSE = Duration.ofSeconds(5);

    public SqlErrors {
        rules = List.copyOf(rules);
    }

    /**
     * By which an error is known: by all that is given here, and each by one of its values.
     *
     * @param states SQLSTATEs or the two characters of a class
     * @param numbers the vendor's own
     * @param saying parts of the message
     */
    public record Sign(List<String> states, List<Integer> numbers, List<String> saying) {
        public Sign {
            states = states == null ? List.of() : List.copyOf(states);
            numbers = numbers == null ? List.of() : List.copyOf(numbers);
            saying = saying == null ? List.of() : List.copyOf(saying);
        }

        boolean fits(SQLException e, String said) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            String words = said.toLowerCase(Locale.ROOT);
            return (states.isEmpty() || states.stream().anyMatch(state::startsWith))
                    && (numbers.isEmpty() || numbers.contains(e.getErrorCode()))
                    && (saying.isEmpty()
                            || saying.stream().anyMatch(part -> words.contains(part.toLowerCase(Locale.ROOT))));
        }

        boolean fitsAll() {
            return states.isEmpty() && numbers.isEmpty() && saying.isEmpty();
        }
    }

    /** What is answered that is no failure of the source's. */
    public enum Answer {
        BUSY,
        INVALID
    }

    /**
     * What errors of one kind mean, which are known as by {@link Sign}.
     *
     * @param layer null where there is an answer
     * @param says for people; {@code {said}} is the server's own words
     */
    public record Rule(
            List<String> states,
            List<Integer> numbers,
            List<String> saying,
            @Nullable Layer layer,
            @Nullable Answer answer,
            String code,
            String says,
            boolean retryable) {

        /** By which the errors are known. */
        Sign sign() {
            return new Sign(states, numbers, saying);
        }

        Failure failure(String said) {
            String detail = says.replace("{said}", said);
            if (layer != null) {
                return SqlFailures.source(layer, code, detail, retryable);
            }
            return answer == Answer.BUSY
                    ? new Failure.Busy(code, detail, PAUSE)
                    : new Failure.Invalid(code, detail, List.of());
        }
    }

    /** @param said the server's words, first line only */
    public Failure failure(SQLException e, String said) {
        Failure below = below(e, said);
        if (below != null) {
            return below;
        }
        return rules.stream()
                .filter(rule -> rule.sign().fits(e, said))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The last rule fits all"))
                .failure(said);
    }

    /** What went wrong below the protocol, where the driver wraps it. */
    private @Nullable Failure below(SQLException e, String said) {
        FailureException own = Dialer.failureIn(e);
        if (own != null) {
            return own.failure();
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return whileConnecting != null && whileConnecting.fits(e, said)
                        ? SqlFailures.timeout(Layer.CONNECT, "The server did not answer in time.")
                        : SqlFailures.timeout(Layer.READ, "The server sent nothing more within the read timeout.");
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return SqlFailures.source(
                        Layer.CONNECT,
                        "unreachable",
                        "Nobody accepts connections on this host and port. Check both, and any firewall between.",
                        true);
            }
            if (cause instanceof SSLException) {
                return tls(said, cause);
            }
        }
        return null;
    }

    private static Failure tls(String said, Throwable cause) {
        String reason = SqlFailures.firstLine(cause);
        if (said.contains(TLS_CONFIG)) {
            return SqlFailures.source(Layer.TLS, "tls_config", reason + ".", false);
        }
        String what = cause instanceof SSLHandshakeException ? "The TLS handshake failed: " : "TLS failed: ";
        return SqlFailures.source(
                Layer.TLS,
                "tls_failed",
                what + reason + ". Check ssl_ca, and the client certificate if the server asks for one.",
                false);
    }
}
