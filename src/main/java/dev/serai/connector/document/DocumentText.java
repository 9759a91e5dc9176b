package dev.serai.connector.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.mongodb.client.MongoCursor;
import org.bson.Document;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Documents as they come from a cursor, one JSON object a line. Closing it, from whichever thread, ends the cursor at the
 * server: also while that works at a batch.
 */
final class DocumentText extends InputStream {
    private static final JsonFactory JSON = new JsonFactory();

    private final MongoCursor<Document> cursor;
    private final List<String> asked;
    private final DocumentColumns columns;
    private final long deadline;
    private final Runnable stop;
    private byte[] line = {};
    private int place;
    private volatile boolean waiting;
    private volatile boolean closed;

    /**
     * @param asked the fields to write, in this order; empty for all
     * @param deadline by {@link System#nanoTime}; {@link Long#MAX_VALUE} for none
     * @param stop tells the server to end the cursor while it works at a batch
     */
    DocumentText(
            MongoCursor<Document> cursor, List<String> asked, DocumentColumns columns, long deadline, Runnable stop) {
        this.cursor = cursor;
        this.asked = asked;
        this.columns = columns;
        this.deadline = deadline;
        this.stop = stop;
    }

    @Override
    public int read() throws IOException {
        return fill() ? line[place++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, line.length - place);
        System.arraycopy(line, place, target, offset, count);
        place += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (place < line.length) {
            return true;
        }
        Document next = next();
        if (next == null) {
            return false;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(Math.max(256, line.length));
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (String name : asked.isEmpty() ? next.keySet() : asked) {
                json.writeFieldName(name);
                JsonValue.write(next.get(name), json);
            }
            json.writeEndObject();
        }
        text.write('\n');
        line = text.toByteArray();
        place = 0;
        columns.length(line.length);
        return true;
    }

    private @org.jspecify.annotations.Nullable Document next() {
        if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0) {
            throw MongoFailures.timeout(null);
        }
        Document document;
        waiting = true;
        try {
            if (closed || !cursor.hasNext()) {
                requireOpen(null);
                return null;
            }
            document = cursor.next();
        } catch (RuntimeException e) {
            requireOpen(e);
            throw MongoFailures.of(e);
        } finally {
            waiting = false;
        }
        if (asked.isEmpty()) {
            columns.see(document);
        } else {
            columns.see(document, asked);
        }
        return document;
    }

    private void requireOpen(@org.jspecify.annotations.Nullable RuntimeException cause) {
        if (closed) {
            throw new FailureException(new Failure.Cancelled("The read was stopped."), cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (waiting) {
            stop.run();
        }
        cursor.close();
    }
}
