package dev.serai.connector.sql.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;

/**
 * What does a pooler between Serai and the server mean? PgBouncer says most of what it has to say with one SQLSTATE,
 * 08P01, so that only its words tell; as they stand in its {@code client.c}, {@code server.c} and {@code janitor.c}.
 */
final class PoolerFailures {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final List<String> FULL =
            List.of("no more connections allowed", "connections exceeded", "query_wait_timeout");

    private PoolerFailures() {}

    /** @param said the first line of the error */
    static Failure of(String said) {
        String words = said.toLowerCase(Locale.ROOT);
        if (words.contains("statement pooling mode")) {
            return SqlFailures.source(
                    Layer.AUTHORIZE,
                    "no_transactions",
                    "The pooler before the server knows no transactions, and Serai reads in them. Choose its pool mode "
                            + "transaction or session: " + said,
                    false);
        }
        if (words.contains("authentication failed") || words.contains("no such user")) {
            return SqlFailures.source(
                    Layer.AUTHENTICATE,
                    "authentication_failed",
                    "The pooler before the server refuses this user name and password: " + said,
                    false);
        }
        if (words.contains("no such database")) {
            return SqlFailures.source(Layer.AUTHORIZE, "database_missing", "There is no such database: " + said, false);
        }
        if (FULL.stream().anyMatch(words::contains)) {
            return new Failure.Busy(
                    "source_busy", "The pooler before the server has no connection free: " + said, PAUSE);
        }
        return SqlFailures.source(Layer.CONNECT, "connection_lost", "The connection failed: " + said, true);
    }
}
