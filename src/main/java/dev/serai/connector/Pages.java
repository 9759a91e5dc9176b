package dev.serai.connector;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * The pages of one answer, called for one after the other, only when wanted.
 *
 * <p>Closing releases the page at hand and the route; it may happen from another thread, the next call then fails.
 */
final class Pages implements AutoCloseable {
    private final RouteLease lease;
    private final String operation;
    private final ObjectNode request;
    private final Set<String> asked = new HashSet<>();
    private volatile RouteCall current;
    private volatile boolean closed;

    /** Calls for the first page; the lease is closed with this, also when that fails. */
    Pages(RouteLease lease, String operation, ObjectNode request) {
        this.lease = lease;
        this.operation = operation;
        this.request = request;
        try {
            this.current = RouteCall.send(lease.route(), operation, request, null);
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
        if (closed) {
            throw new FailureException(new Failure.Cancelled("The read was stopped."));
        }
        RouteCall next = RouteCall.send(lease.route(), operation, request, page);
        current = next;
        if (closed) {
            next.close();
        }
        return next;
    }

    @Override
    public void close() {
        closed = true;
        current.close();
        lease.close();
    }
}
