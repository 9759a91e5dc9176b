package dev.serai.connector;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.rows.TextSource.Format;

/**
 * In which of the allowed forms did a route answer with rows?
 *
 * <p>Text is told apart by its content type where that is certain, else by its first character: {@code [} begins an
 * array, a brace a line of NDJSON (or one object over several lines), anything else is CSV.
 */
sealed interface AnswerRows {

    /** What a Java bean gave, read as it is. */
    record Source(RowSource rows) implements AnswerRows {}

    /** Objects that the route has already parsed. */
    record Parsed(Iterator<?> rows) implements AnswerRows {}

    /**
     * JSON text: an array of objects, or one object after the other.
     *
     * @param asIs whether it is for certain laid out as the format says
     */
    record Json(InputStream text, Format format, boolean asIs) implements AnswerRows {}

    /** CSV text with a header line. */
    record Csv(InputStream text) implements AnswerRows {}

    /** No rows at all. */
    record None() implements AnswerRows {}

    static AnswerRows of(RouteCall call) {
        Object body = call.body();
        if (body instanceof TextSource source && source.content() != null) {
            return source.format() == Format.CSV
                    ? new Csv(source.content())
                    : new Json(source.content(), source.format(), true);
        } else if (body instanceof TextSource || body == null) {
            return new None();
        } else if (body instanceof RowSource rows) {
            return new Source(rows);
        } else if (body instanceof JsonNode node) {
            return new Parsed(node.isArray() ? node.elements() : List.of(node).iterator());
        } else if (body instanceof Map<?, ?>) {
            return new Parsed(List.of(body).iterator());
        } else if (body instanceof Iterable<?> rows) {
            return new Parsed(rows.iterator());
        } else if (body instanceof Iterator<?> rows) {
            return new Parsed(rows);
        }
        return text(call);
    }

    private static AnswerRows text(RouteCall call) {
        InputStream raw = call.body(InputStream.class);
        if (raw == null) {
            throw new FailureException(SourceFailures.unreadable(
                    "The connector type answered with something that is " + "neither rows nor text."));
        }
        InputStream text = new BufferedInputStream(raw, 1 << 16);
        String type = call.contentType();
        try {
            int first = firstCharacter(text);
            if (first < 0) {
                if (!call.endMarked()) {
                    raw.close();
                    throw new FailureException(SourceFailures.brokeOff());
                }
                raw.close();
                return new None();
            } else if (type.startsWith("text/csv")) {
                requireEnd(call, raw);
                return new Csv(text);
            } else if (first == '[') {
                return new Json(text, Format.JSON_ARRAY, true);
            } else if (first == '{') {
                if (isLines(type) || !type.contains("json")) {
                    requireEnd(call, raw);
                }
                return new Json(text, Format.NDJSON, isLines(type));
            } else if (type.contains("json") || type.contains("html") || type.contains("xml")) {
                raw.close();
                throw new FailureException(SourceFailures.unreadable(
                        "The source answered with " + subtype(type) + " that is not a list of rows."));
            }
            requireEnd(call, raw);
            return new Csv(text);
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    /** Lines do not tell whether more were to come; only what carries them does. */
    private static void requireEnd(RouteCall call, InputStream raw) throws IOException {
        if (!call.endMarked()) {
            raw.close();
            throw new FailureException(SourceFailures.unreadable(
                    "The source's answer has neither a length nor chunks, so nobody could tell whether all of its rows "
                            + "came. As a JSON array they could be read."));
        }
    }

    private static boolean isLines(String type) {
        return type.contains("ndjson") || type.contains("jsonl") || type.contains("json-lines");
    }

    private static String subtype(String type) {
        return type.contains("html") ? "HTML" : type.contains("json") ? "JSON" : "XML";
    }

    /** The first character that is no white space; skips up to it, and a byte order mark. */
    private static int firstCharacter(InputStream text) throws IOException {
        while (true) {
            text.mark(1);
            int next = text.read();
            boolean skip = next == ' '
                    || next == '\n'
                    || next == '\r'
                    || next == '\t'
                    || next == 0xEF
                    || next == 0xBB
                    || next == 0xBF;
            if (!skip) {
                text.reset();
                return next;
            }
        }
    }
}
