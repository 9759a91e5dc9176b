package dev.serai.connector.document;

import com.mongodb.ServerAddress;
import com.mongodb.ServerCursor;
import com.mongodb.client.MongoCursor;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** A cursor with one document, for values that the double of the server does not keep. */
final class OneDocument implements MongoCursor<Document> {
    private @Nullable Document next;

    OneDocument(Document document) {
        next = document;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Document next() {
        Document one = next;
        next = null;
        if (one == null) {
            throw new java.util.NoSuchElementException();
        }
        return one;
    }

    @Override
    public Document tryNext() {
        return next();
    }

    @Override
    public int available() {
        return next == null ? 0 : 1;
    }

    @Override
    public @Nullable ServerCursor getServerCursor() {
        return null;
    }

    @Override
    public ServerAddress getServerAddress() {
        return new ServerAddress();
    }

    @Override
    public void close() {
        next = null;
    }
}
