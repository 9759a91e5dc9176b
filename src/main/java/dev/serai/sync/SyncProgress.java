package dev.serai.sync;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.BatchSource;
import dev.serai.rows.ReadProgress;
import dev.serai.rows.RowSource;

/** Follows one dataset's sync: told by whoever reads, asked by whoever tells people. */
final class SyncProgress implements ReadProgress {
    private final AtomicLong rows = new AtomicLong();
    private volatile String phase = Progress.OPENING;
    private volatile @Nullable RowSource source;
    private Progress told = new Progress(Progress.OPENING, 0, null, 0, null, null, null);
    private long loggedAt = System.nanoTime();
    private ReadPace pace = new ReadPace(System.nanoTime());

    /** From now on rows come, if any; what came before belonged to an attempt that failed. */
    synchronized void opened(RowSource opened, long nanos) {
        source = opened;
        rows.set(0);
        pace = new ReadPace(nanos);
        loggedAt = nanos;
        phase = Progress.READING;
    }

    @Override
    public void rows(long soFar) {
        rows.accumulateAndGet(soFar, Math::max);
    }

    @Override
    public void complete() {
        phase = Progress.COMMITTING;
    }

    long rows() {
        return rows.get();
    }

    /** Null where nobody counts them. */
    @Nullable
    Long bytes() {
        RowSource read = source;
        long bytes = read == null ? -1 : read.bytesRead();
        return bytes < 0 ? null : Long.valueOf(bytes);
    }

    /** How far it is, where that is not what was told last. */
    synchronized Optional<Progress> news(long nanos) {
        Progress now = at(nanos);
        boolean same = now.equals(told);
        told = now;
        return same ? Optional.empty() : Optional.of(now);
    }

    /** Whether people have heard nothing for so long; asking counts as telling them. */
    synchronized boolean quietFor(Duration longest, long nanos) {
        boolean quiet = nanos - loggedAt >= longest.toNanos();
        loggedAt = quiet ? nanos : loggedAt;
        return quiet;
    }

    synchronized Progress at(long nanos) {
        long came = rows.get();
        long rate = pace.at(nanos, came);
        Long expected = expected();
        boolean reading = phase.equals(Progress.READING);
        Long left = reading && expected != null && expected > came ? Long.valueOf(expected - came) : null;
        Long seconds = left == null || rate == 0 ? null : Long.valueOf((left + rate - 1) / rate);
        return new Progress(phase, came, bytes(), reading ? rate : 0, expected, left, seconds);
    }

    private @Nullable Long expected() {
        long rowsInAll = source instanceof BatchSource batches ? batches.estimatedRows() : -1;
        return rowsInAll < 0 ? null : Long.valueOf(rowsInAll);
    }
}
