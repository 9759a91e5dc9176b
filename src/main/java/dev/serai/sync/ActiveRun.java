package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.serai.connector.Connector;
import dev.serai.rows.Cancellation;

/**
 * A run that this process works on: what it is, and what the process has to remember about it besides its {@link #work}
 * until its end is written down.
 */
final class ActiveRun {
    /** Why a run is stopped before its end. */
    enum Stop {
        CANCELLED,
        TIMED_OUT,
        INTERRUPTED
    }

    private final String id;
    private final Connector connector;
    private final @Nullable String requestedMode;
    private final boolean discovers;
    private final Cancellation preparation = new Cancellation();
    private final Object order = new Object();
    private final Worklist work = new Worklist();
    private final Map<String, Retries.Attempts> attempts = new HashMap<>();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final List<Ending> unsaved = new ArrayList<>();
    private final long since = System.nanoTime();
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile long renewedAt = System.nanoTime();
    private boolean begun;
    private @Nullable String reason;

    /** @param discovers whether its datasets are only known once the connector's models were looked up */
    ActiveRun(String id, Connector connector, @Nullable String requestedMode, boolean discovers) {
        this.id = id;
        this.connector = connector;
        this.requestedMode = requestedMode;
        this.discovers = discovers;
    }

    String id() {
        return id;
    }

    Connector connector() {
        return connector;
    }

    @Nullable
    String requestedMode() {
        return requestedMode;
    }

    boolean discovers() {
        return discovers;
    }

    /** Ends what the run does before it comes to its datasets. */
    Cancellation preparation() {
        return preparation;
    }

    /** Held while a step of the run is written down. */
    Object order() {
        return order;
    }

    /** What of it is to do, is being done, and came of it. */
    Worklist work() {
        return work;
    }

    /** What to do next, which is the caller's from then on; empty where there is nothing or the run was stopped. */
    Optional<Turn> next() {
        return work.next(this);
    }

    /** Does something whose lines in the log name this run. */
    void named(Runnable task) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable("run", id)) {
            task.run();
        }
    }

    /** True once: for who writes down that it began. */
    synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** How often something of the run was tried. */
    synchronized Retries.Attempts attempts(String what, Supplier<Retries.Attempts> none) {
        return attempts.computeIfAbsent(what, key -> none.get());
    }

    /** Keeps an ending that could not be written down, for later. */
    synchronized void unsaved(Ending ending) {
        unsaved.add(ending);
    }

    synchronized List<Ending> unsaved() {
        return List.copyOf(unsaved);
    }

    synchronized void saved(Ending ending) {
        unsaved.remove(ending);
    }

    /** @param asked when the database was asked for it, by {@link System#nanoTime} */
    void renewed(long asked) {
        renewedAt = asked;
    }

    Duration sinceRenewed() {
        return Duration.ofNanos(System.nanoTime() - renewedAt);
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    void came(long bytes) {
        bytesRead.addAndGet(bytes);
    }

    /** All that came from the source, as far as it was counted. */
    long bytesRead() {
        return bytesRead.get();
    }

    synchronized void because(String why) {
        reason = why;
    }

    synchronized @Nullable String reason() {
        return reason;
    }

    /** Completes when the run's end is written. */
    CompletableFuture<Boolean> done() {
        return done;
    }
}
