package dev.serai.sync;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.dataset.SyncedState;

/**
 * What a dataset's sync did.
 *
 * @param mode what was really done
 * @param reason why that is not what was asked for, if it is not
 * @param rowsRejected lines of an uploaded file that did not fit
 * @param state how the dataset stands since; noted together with the outcome
 */
record DatasetResult(
        String mode,
        @Nullable String reason,
        long rowsRead,
        long rowsWritten,
        long rowsDeleted,
        long rowsRejected,
        long bytes,
        long version,
        @Nullable String watermarkBefore,
        @Nullable String watermarkAfter,
        List<RunWarning> warnings,
        SyncedState state) {

    /** Of a source whose rows all fit. */
    DatasetResult(
            String mode,
            @Nullable String reason,
            long rowsRead,
            long rowsWritten,
            long rowsDeleted,
            long bytes,
            long version,
            @Nullable String watermarkBefore,
            @Nullable String watermarkAfter,
            List<RunWarning> warnings,
            SyncedState state) {
        this(
                mode,
                reason,
                rowsRead,
                rowsWritten,
                rowsDeleted,
                0,
                bytes,
                version,
                watermarkBefore,
                watermarkAfter,
                warnings,
                state);
    }
}
