package dev.serai.lake;

import java.sql.SQLException;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Tells from DuckDB's own errors those that a person who runs Serai can do something about. */
final class WriteFailure {
    private WriteFailure() {}

    /** @param reason what the rows say of it */
    static RuntimeException of(RuntimeException reason, SQLException e) {
        String text = String.valueOf(e.getMessage());
        if (reason instanceof FailureException) {
            return reason;
        }
        if (text.startsWith("Out of Memory Error")) {
            return new FailureException(
                    new Failure.Internal("The rows need more memory than syncs may take (SERAI_SYNC_MEMORY)."), e);
        }
        if (text.contains("No space left on device")) {
            return new FailureException(new Failure.Internal("The lake's disk is full."), e);
        }
        return reason;
    }
}
