package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.rows.Cancellation;
import dev.serai.rows.RowSource;

/**
 * One dataset's sync on its way: what is to be done, how far it is, how to stop it. It is the body of the exchange that
 * goes through the route {@code sync-dataset}.
 */
public final class DatasetSync implements AutoCloseable {
    private final String runId;
    private final Connector connector;
    private final Dataset dataset;
    private final SyncMode mode;
    private final Cancellation cancellation = new Cancellation();
    private final SyncProgress progress = new SyncProgress();
    private final @Nullable Upload upload;
    private final int attempt;
    private volatile boolean told;
    private volatile long since = System.nanoTime();
    private @Nullable Instant readAt;
    private @Nullable RowSource rows;
    private @Nullable SyncPlan plan;
    private Cancellation.@Nullable Registration registration;

    DatasetSync(String runId, Connector connector, Dataset dataset, SyncMode mode) {
        this(runId, connector, dataset, mode, null);
    }

    /** @param upload whose rows are to be had; null: the connector is asked for them */
    DatasetSync(String runId, Connector connector, Dataset dataset, SyncMode mode, @Nullable Upload upload) {
        this(runId, connector, dataset, mode, upload, 1);
    }

    private DatasetSync(
            String runId, Connector connector, Dataset dataset, SyncMode mode, @Nullable Upload upload, int attempt) {
        this.attempt = attempt;
        this.upload = upload;
        this.runId = runId;
        this.connector = connector;
        this.dataset = dataset;
        this.mode = mode;
    }

    public String runId() {
        return runId;
    }

    public Connector connector() {
        return connector;
    }

    public Dataset dataset() {
        return dataset;
    }

    Optional<Upload> upload() {
        return Optional.ofNullable(upload);
    }

    SyncMode mode() {
        return mode;
    }

    public Cancellation cancellation() {
        return cancellation;
    }

    /** Another attempt, which has nothing of this one but the time it has taken. */
    DatasetSync again() {
        DatasetSync next = new DatasetSync(runId, connector, dataset, mode, upload, attempt + 1);
        next.since = since;
        next.told = told;
        return next;
    }

    /** Whether the journal knows that it began. */
    boolean told() {
        return told;
    }

    void tell() {
        told = true;
    }

    boolean first() {
        return attempt == 1;
    }

    void began() {
        since = first() ? System.nanoTime() : since;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    void read(long rowsSoFar) {
        progress.rows(rowsSoFar);
    }

    SyncProgress progress() {
        return progress;
    }

    long rowsRead() {
        return progress.rows();
    }

    void planned(SyncPlan made) {
        plan = made;
    }

    SyncPlan plan() {
        if (plan == null) {
            throw new IllegalStateException("Nothing was opened for " + dataset.id());
        }
        return plan;
    }

    /** Takes over an opened source in place of any before; from now on cancelling closes it. */
    void opened(RowSource source, Instant at) {
        close();
        rows = source;
        readAt = at;
        progress.opened(source, System.nanoTime());
        registration = cancellation.onRequest(source::close);
    }

    RowSource rows() {
        if (rows == null) {
            throw new IllegalStateException("Nothing was opened for " + dataset.id());
        }
        return rows;
    }

    Instant readAt() {
        if (readAt == null) {
            throw new IllegalStateException("Nothing was opened for " + dataset.id());
        }
        return readAt;
    }

    /** Releases the source, whatever became of it. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        if (rows != null) {
            rows.close();
        }
    }
}
