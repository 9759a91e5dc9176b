package dev.serai.connector.document;

import java.util.List;

import com.mongodb.MongoException;
import com.mongodb.ServerCursor;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCursor;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How is a cursor ended whose server works at a batch? By telling so over another connection: the driver would wait for the
 * batch first, however long it takes.
 */
final class CursorEnd implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(CursorEnd.class);

    private final MongoClient client;
    private final MongoQuestion question;
    private final MongoCursor<Document> cursor;

    CursorEnd(MongoClient client, MongoQuestion question, MongoCursor<Document> cursor) {
        this.client = client;
        this.question = question;
        this.cursor = cursor;
    }

    /** Waits for nobody. */
    @Override
    public void run() {
        ServerCursor open = cursor.getServerCursor();
        if (open != null) {
            Thread thread = new Thread(() -> end(open), "serai-cursor-end");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void end(ServerCursor open) {
        try {
            client.getDatabase(question.database())
                    .runCommand(new Document("killCursors", question.collection())
                            .append("cursors", List.of(open.getId())));
        } catch (MongoException | IllegalStateException e) {
            // The server ends it by itself once nobody has asked for ten minutes, or the connection is gone.
            log.debug("A cursor could not be ended: {}", e.getClass().getSimpleName());
        }
    }
}
