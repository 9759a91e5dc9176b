package dev.serai.connector;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/**
 * The pages of one answer, called for one after the other, only when wanted.
 *
 * <p>Closing releases the page at hand and the route; it may happen from another thread, what is then called for is left.
 */
final class Pages implements AutoCloseable {
    private final RouteLease lease;
    private final String operation;
    private final ObjectNode request;
    private final CallLimit limit;
    private final long deadline;
    private final Cancellation stop = new Cancellation();
    private final Set<String> asked = new HashSet<>();
    private volatile RouteCall current;

    /**
     * Calls for the first page; the lease is closed with this, also when that fails.
     *
     * @param limit of all pages together
     */
    Pages(RouteLease lease, String operation, ObjectNode request, CallLimit limit) {
        this.lease = lease;
        this.operation = operation;
        this.request = request;
        this.limit = limit;
        this.deadline = System.nanoTime()
                + limit.time(CallTimes.of(lease.route().config())).toNanos();
        try {
            this.current = send(null);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    RouteCall current() {
        return current;
    }

    boolean hasNext() {
        return current.next() != null;
    }

    /** The next page, which ends the one before; null after the last. */
    @Nullable
    RouteCall next() {
        String page = current.next();
        if (page == null) {
            return null;
        }
        if (!asked.add(page)) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "endless_paging",
                    "The same page was asked for twice: the source's answers never end.",
                    false));
        }
        current.close();
        RouteCall next = send(page);
        current = next;
        if (stop.requested()) {
            next.close();
        }
        return next;
    }

    private RouteCall send(@Nullable String page) {
        try (Cancellation.Registration stopped = limit.cancellation().onRequest(stop::request)) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            return RouteCall.send(lease.route(), operation, request, page, left, stop);
        }
    }

    @Override
    public void close() {
        stop.request();
        current.close();
        lease.close();
    }
}
