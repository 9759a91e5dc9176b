package dev.serai.connector;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import dev.serai.failure.FailureException;

/**
 * How does what a route answered become JSON? Its pages' items are joined. All of it is held in memory, so its text may
 * not be larger than 64 MB.
 */
final class JsonAnswer {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String ITEMS = "items";

    private JsonAnswer() {}

    /** All pages as one answer. */
    static JsonNode of(Pages pages) {
        try (pages) {
            Allowance allowance = new Allowance();
            JsonNode first = read(pages.current(), allowance);
            if (!pages.hasNext()) {
                return first;
            }
            ArrayNode items = JSON.createArrayNode();
            items.addAll(items(first));
            for (RouteCall next = pages.next(); next != null; next = pages.next()) {
                items.addAll(items(read(next, allowance)));
            }
            ObjectNode all = JSON.createObjectNode();
            all.set(ITEMS, items);
            return all;
        }
    }

    private static ArrayNode items(JsonNode page) {
        JsonNode items = page.isArray() ? page : page.path(ITEMS);
        if (items instanceof ArrayNode array) {
            return array;
        } else if (page.isMissingNode() || page.isNull()) {
            return JSON.createArrayNode();
        }
        throw new FailureException(SourceFailures.unreadable("The source's pages have no items."));
    }

    private static JsonNode read(RouteCall call, Allowance allowance) {
        Object body = call.body();
        if (body == null) {
            return MissingNode.getInstance();
        } else if (body instanceof JsonNode node) {
            return node;
        }
        try {
            InputStream text = isText(body) ? call.body(InputStream.class) : null;
            JsonNode read = text == null ? JSON.valueToTree(body) : JSON.readTree(allowance.over(text));
            if (read.isMissingNode() && !call.endMarked()) {
                throw new FailureException(SourceFailures.brokeOff());
            }
            return read;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new FailureException(SourceFailures.unreadable("The source's answer is not JSON."));
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    private static boolean isText(Object body) {
        return body instanceof CharSequence
                || body instanceof byte[]
                || body instanceof InputStream
                || body instanceof org.apache.camel.StreamCache
                || body instanceof java.io.Reader;
    }

    /** The answer, or nothing where it is no JSON: for a test, where any answer is a good one. */
    static JsonNode lenient(RouteCall call) {
        try {
            return read(call, new Allowance());
        } catch (FailureException e) {
            return MissingNode.getInstance();
        }
    }

    /** The bytes that all pages together may still have. */
    private static final class Allowance {
        private long left = 64L << 20;

        InputStream over(InputStream text) {
            return new FilterInputStream(text) {
                @Override
                public int read() throws IOException {
                    int next = super.read();
                    spend(next < 0 ? 0 : 1);
                    return next;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int taken = super.read(target, offset, length);
                    spend(Math.max(taken, 0));
                    return taken;
                }
            };
        }

        private void spend(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw new FailureException(SourceFailures.tooLarge("The source's answer is larger than 64 MB."));
            }
        }
    }
}
