package dev.serai.lake;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.RowWarning;

/**
 * What a write did.
 *
 * @param version the one it made, or the one there was where nothing had changed
 * @param changed whether it made a version
 * @param merged whether rows were merged into those that were there, not put in place of all
 * @param rowsRead that the source sent
 * @param rowsWritten that are new in this version or came in place of others
 * @param rowsDeleted that were taken out, or marked, because the source has them no more
 * @param bytes of all files it wrote
 * @param watermark the position from now on
 */
public record CommitResult(
        long version,
        boolean changed,
        boolean merged,
        long rowsRead,
        long rowsWritten,
        long rowsDeleted,
        long bytes,
        @Nullable String watermark,
        List<RowWarning> warnings) {
    public CommitResult {
        warnings = List.copyOf(warnings);
    }
}
