package dev.serai.lake;

import java.sql.SQLException;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;

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
        return FullDisk.in(e).map(RuntimeException.class::cast).orElse(reason);
    }

    /** What an exception of the file system's, or of Delta Kernel's over it, means. */
    static RuntimeException of(RuntimeException e) {
        return e instanceof FailureException
                ? e
                : FullDisk.in(e).map(RuntimeException.class::cast).orElse(e);
    }
}
