package dev.serai.dataset;

import java.time.Instant;
import java.util.List;

import dev.serai.lake.TableSnapshot;
import dev.serai.rows.Column;

/**
 * How a dataset stands after a successful sync.
 *
 * @param freshness when the read began: the source's rows are at least as of then
 */
public record SyncedState(
        String runId,
        List<Column> columns,
        long rows,
        long bytes,
        long version,
        Instant freshness,
        SyncedPosition position) {
    public SyncedState {
        columns = List.copyOf(columns);
    }

    /** Of one that leaves no position. */
    public SyncedState(String runId, List<Column> columns, long rows, long bytes, long version, Instant freshness) {
        this(runId, columns, rows, bytes, version, freshness, new SyncedPosition(null, null, null));
    }

    /** With what the run committed, or found to be so already. */
    public static SyncedState of(String runId, TableSnapshot committed, Instant freshness, SyncedPosition position) {
        return new SyncedState(
                runId,
                committed.columns(),
                committed.rows(),
                committed.bytes(),
                committed.version(),
                freshness,
                position);
    }
}
