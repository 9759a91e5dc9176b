package dev.serai.connector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.FailureException;

/** JSON objects of one page after the other as NDJSON. Text is copied token by token, numbers keep their digits. */
final class JsonPages extends PageText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pages pages;
    private long left;
    private @Nullable JsonParser parser;
    private @Nullable Iterator<?> parsed;

    /** @param limit rows after which no further one is read, and no further page called for */
    JsonPages(Pages pages, AnswerRows first, long limit) {
        super(pages);
        this.pages = pages;
        this.left = limit;
        begin(first);
    }

    private void begin(AnswerRows answer) {
        parser = null;
        parsed = null;
        if (answer instanceof AnswerRows.Json json) {
            try {
                parser = JSON.createParser(json.text());
            } catch (IOException e) {
                throw SourceFailures.exception(e);
            }
        } else if (answer instanceof AnswerRows.Parsed objects) {
            parsed = objects.rows();
        } else if (!(answer instanceof AnswerRows.None)) {
            throw new FailureException(SourceFailures.unreadable("The source's pages are not all laid out the same."));
        }
    }

    @Override
    boolean more(ByteArrayOutputStream out) throws IOException {
        while (left > 0) {
            if (row(out)) {
                out.write('\n');
                left--;
                return true;
            }
            RouteCall next = pages.next();
            if (next == null) {
                return false;
            }
            begin(AnswerRows.of(next));
        }
        return false;
    }

    private boolean row(ByteArrayOutputStream out) throws IOException {
        JsonParser text = parser;
        Iterator<?> objects = parsed;
        if (text != null) {
            JsonToken token = text.nextToken();
            while (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
                token = text.nextToken();
            }
            if (token != null) {
                requireObject(token == JsonToken.START_OBJECT);
                try (JsonGenerator generator = generator(out)) {
                    generator.copyCurrentStructureExact(text);
                }
            }
            return token != null;
        } else if (objects != null && objects.hasNext()) {
            JsonNode row = JSON.valueToTree(objects.next());
            requireObject(row.isObject());
            out.write(JSON.writeValueAsBytes(row));
            return true;
        }
        return false;
    }

    private static JsonGenerator generator(ByteArrayOutputStream out) throws IOException {
        JsonGenerator generator = JSON.createGenerator(out);
        generator.setPrettyPrinter(new MinimalPrettyPrinter());
        return generator;
    }

    private static void requireObject(boolean object) {
        if (!object) {
            throw new FailureException(SourceFailures.unreadable("The source's rows are not JSON objects."));
        }
    }
}
