package dev.serai.connector.document;

import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonParseException;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What does a text in MongoDB's extended JSON say? */
final class MongoText {
    private MongoText() {}

    static Document parse(String text, String pointer) {
        try {
            return Document.parse(text);
        } catch (JsonParseException | BsonInvalidOperationException | IllegalArgumentException e) {
            // Without its words: they quote the text.
            throw new FailureException(Failure.Invalid.of(pointer, "must be an object in MongoDB's extended JSON"));
        }
    }
}
