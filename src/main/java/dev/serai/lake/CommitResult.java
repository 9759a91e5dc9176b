package dev.serai.lake;

import java.util.List;

import dev.serai.rows.RowWarning;

/** What a commit did: the version it made, the rows it wrote and the bytes they take. */
public record CommitResult(long version, long rowsWritten, long bytes, List<RowWarning> warnings) {}
