package dev.serai.connector.search;

import java.time.Duration;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/** How are the pages of one slice asked for, of a state of the index that stays as it was? Closing gives that state up. */
abstract sealed class Paging implements AutoCloseable permits PointInTimePaging, ScrollPaging {
    static final String COMPLETE = "allow_partial_search_results=false";
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** @param after the sort values of the last hit, as JSON; null for the first page */
    abstract HttpUriRequestBase page(int size, @Nullable String after);

    /** A name by which the server keeps the state, from the answer. */
    abstract void told(String id);

    /** Whether pages may be of several sizes. */
    abstract boolean anySize();

    /** The slice has been read to its end. */
    abstract void ended();

    /** From any thread, any number of times. */
    @Override
    public abstract void close();

    /** What is kept at a server under a name that may change with each page; it is given up once. */
    static final class Kept {
        private final Consumer<String> release;
        private @Nullable String id;
        private boolean closed;

        Kept(Consumer<String> release) {
            this.release = release;
        }

        synchronized @Nullable String id() {
            if (closed) {
                throw new FailureException(new dev.serai.failure.Failure.Cancelled("The read was stopped."));
            }
            return id;
        }

        /** What comes after the end is given up at once. */
        void told(String name) {
            synchronized (this) {
                if (!closed) {
                    id = name;
                    return;
                }
            }
            release.accept(name);
        }

        void close() {
            String last;
            synchronized (this) {
                closed = true;
                last = id;
                id = null;
            }
            if (last != null) {
                release.accept(last);
            }
        }
    }

    /** Whatever comes of it: the server gives up by itself what nobody goes on with. */
    static void release(SearchClient client, String path, ObjectNode body) {
        try {
            client.call("DELETE", path, body, CLOSING);
        } catch (FailureException e) {
            if (!e.failure().code().equals(SourceFailures.timedOut().code())) {
                org.slf4j.LoggerFactory.getLogger(Paging.class)
                        .debug(
                                "A read was not given up at the server: {}",
                                e.failure().code());
            }
        }
    }

    static String seconds(Duration keepAlive) {
        return keepAlive.toSeconds() + "s";
    }

    static @Nullable ObjectNode slice(int slice, int slices) {
        return slices == 1
                ? null
                : JsonNodeFactory.instance.objectNode().put("id", slice).put("max", slices);
    }
}
