package dev.serai.connector.document;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonParseException;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What does a text in MongoDB's extended JSON say? */
final class MongoText {
    /** As deep as MongoDB lets documents be. */
    private static final int DEEPEST = 100;

    private MongoText() {}

    static Document parse(String text, String pointer) {
        try {
            Document document = Document.parse(text);
            if (isWithin(document, DEEPEST)) {
                return document;
            }
        } catch (JsonParseException | BsonInvalidOperationException | IllegalArgumentException e) {
            // Without its words: they quote the text.
            throw new FailureException(Failure.Invalid.of(pointer, "must be an object in MongoDB's extended JSON"));
        } catch (StackOverflowError e) {
            // The parser calls itself for each level, and has no limit of its own; nothing but its stack was touched.
            throw tooDeep(pointer);
        }
        throw tooDeep(pointer);
    }

    private static FailureException tooDeep(String pointer) {
        return new FailureException(Failure.Invalid.of(pointer, "must not be nested deeper than " + DEEPEST));
    }

    private static boolean isWithin(@Nullable Object value, int levels) {
        Collection<?> inner =
                value instanceof Map<?, ?> parts ? parts.values() : value instanceof List<?> list ? list : List.of();
        return levels > 0 && inner.stream().allMatch(part -> isWithin(part, levels - 1));
    }
}
