package dev.serai.connector.search;

import java.io.IOException;
import java.time.Duration;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Reads the pages of one slice as lines of JSON, while they come: no page is ever held. */
final class HitReader implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    private static final int FIRST_PAGE = 100;

    private final SearchClient client;
    private final Paging paging;
    private final HitWriter writer;
    private final Duration limit;
    private long left;
    private int size;
    private long pageBytes;
    private int pageHits;
    private @Nullable String after;
    private @Nullable JsonParser page;
    private boolean done;
    private volatile @Nullable HttpAnswer answer;
    private volatile @Nullable HttpUriRequestBase request;
    private volatile boolean closed;

    /**
     * @param most so many hits at most
     * @param firstSize of the first page; 0 where nothing is known of the documents
     * @param limit for one page
     */
    HitReader(SearchClient client, Paging paging, HitWriter writer, long most, int firstSize, Duration limit) {
        this.client = client;
        this.paging = paging;
        this.writer = writer;
        this.left = most;
        int first = firstSize == 0 ? FIRST_PAGE : firstSize;
        this.size = Math.min(first, client.settings().pageSize());
        this.limit = limit;
    }

    /** The next lines, or null at the end. */
    byte @Nullable [] next() {
        try {
            while (!done && writer.size() < CHUNK) {
                JsonParser hits = page == null ? opened() : page;
                if (hits.nextToken() == JsonToken.START_OBJECT) {
                    long before = hits.currentLocation().getByteOffset();
                    writer.write(hits, sort -> after = sort);
                    pageBytes += hits.currentLocation().getByteOffset() - before;
                    pageHits++;
                } else {
                    ended(hits);
                }
            }
            requireOpen(null);
            return writer.size() == 0 ? null : writer.take();
        } catch (JsonParseException | InputCoercionException e) {
            throw stopped(e instanceof JsonEOFException ? brokeOff(e) : SearchFailures.unreadable(null), e);
        } catch (IOException e) {
            throw stopped(brokeOff(e), e);
        } catch (RuntimeException e) {
            throw stopped(e, e);
        }
    }

    private static RuntimeException brokeOff(Exception cause) {
        return new FailureException(SourceFailures.brokeOff(), cause);
    }

    private RuntimeException stopped(RuntimeException thrown, Exception cause) {
        requireOpen(cause);
        end(answer);
        return thrown;
    }

    private void requireOpen(@Nullable Exception cause) {
        if (closed && !done) {
            throw new FailureException(new Failure.Cancelled("The read was stopped."), cause);
        }
    }

    /** Asks for a page, up to its first hit. */
    JsonParser opened() throws IOException {
        size = (int) Math.min(size, left);
        HttpUriRequestBase next = paging.page(Math.max(1, size), after);
        request = next;
        requireOpen(null);
        HttpAnswer got = client.send(next, limit);
        answer = got;
        if (closed) {
            got.close();
            requireOpen(null);
        }
        pageBytes = 0;
        pageHits = 0;
        JsonParser parser = HitWriter.JSON.createParser(got.content());
        page = parser;
        if (parser.nextToken() != JsonToken.START_OBJECT || !head(parser)) {
            throw SearchFailures.unreadable(null);
        }
        return parser;
    }

    /** Up to the array of hits; whether there is one. */
    private boolean head(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("hits") && parser.currentToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String inner = parser.currentName();
                    parser.nextToken();
                    if (inner.equals("hits")) {
                        return parser.currentToken() == JsonToken.START_ARRAY;
                    }
                    parser.skipChildren();
                }
                return false;
            }
            seen(name, parser);
        }
        return false;
    }

    private void seen(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "pit_id", "_scroll_id" -> paging.told(parser.getText());
            case "timed_out" -> {
                if (parser.currentToken() == JsonToken.VALUE_TRUE) {
                    throw SearchFailures.timeout();
                }
            }
            case "_shards" -> {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean failed = parser.currentName().equals("failed");
                    parser.nextToken();
                    if (failed && parser.getIntValue() > 0) {
                        throw SearchFailures.incomplete();
                    }
                    parser.skipChildren();
                }
            }
            default -> parser.skipChildren();
        }
    }

    private void ended(JsonParser parser) throws IOException {
        // Of "hits", then of the answer.
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            parser.nextToken();
            parser.skipChildren();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            seen(name, parser);
        }
        if (parser.nextToken() != null) {
            throw SearchFailures.unreadable(null);
        }
        page = null;
        end(answer);
        left -= pageHits;
        done = pageHits < size || left <= 0;
        if (done) {
            paging.ended();
        } else if (paging.anySize() && pageHits > 0) {
            long fitting = client.settings().pageBytes() * (long) pageHits / Math.max(1, pageBytes);
            size = (int) Math.max(1, Math.min(fitting, client.settings().pageSize()));
        }
    }

    private static void end(@Nullable HttpAnswer answer) {
        if (answer != null) {
            answer.close();
        }
    }

    /** From any thread. */
    @Override
    public void close() {
        closed = true;
        HttpUriRequestBase sent = request;
        if (sent != null) {
            sent.cancel();
        }
        end(answer);
        paging.close();
    }
}
