package dev.serai.connector.rest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.failure.FailureException;

/** In which format did an API answer? The endpoint's, else that of the content type, else what the text begins with. */
final class PageFormat {
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9._:-]+)");
    private static final int WHITE = 8_192;

    private PageFormat() {}

    /** What a request asks for. */
    static String accept(String format) {
        return switch (format) {
            case "json" -> "application/json";
            case "ndjson" -> "application/x-ndjson, application/json;q=0.5";
            case "csv" -> "text/csv";
            case "xml" -> "application/xml, text/xml";
            default -> "application/json, application/x-ndjson;q=0.9, text/csv;q=0.5, application/xml;q=0.5";
        };
    }

    /** @return empty where the answer has no body at all */
    static Optional<PageRecords> of(HttpAnswer answer, RestEndpoint endpoint, List<String> columns) throws IOException {
        BufferedInputStream text = new BufferedInputStream(answer.content(), 1 << 16);
        int first = first(text);
        if (first < 0) {
            if (!answer.endMarked()) {
                throw new FailureException(SourceFailures.brokeOff());
            }
            return Optional.empty();
        }
        String format = format(answer.contentType(), first, endpoint.format());
        if (!format.equals("json") && !format.equals("xml") && !answer.endMarked()) {
            throw new FailureException(
                    SourceFailures.unreadable(
                            "The source's answer has neither a length nor chunks, so nobody could tell whether all of its rows came."));
        }
        @Nullable Charset charset = charset(answer.contentType());
        return Optional.of(
                switch (format) {
                    case "csv" -> new CsvRecords(endpoint, text, charset);
                    case "xml" -> new XmlRecords(endpoint, columns, text, charset);
                    default -> json(endpoint, columns, format.equals("ndjson"), text, charset);
                });
    }

    /** The parser itself sees which of the UTFs it is. */
    private static PageRecords json(
            RestEndpoint endpoint, List<String> columns, boolean lines, InputStream text, @Nullable Charset charset)
            throws IOException {
        boolean plain = charset == null
                || charset.equals(StandardCharsets.UTF_8)
                || charset.name().startsWith("UTF-");
        return new JsonRecords(endpoint, columns, lines, text, plain ? null : charset);
    }

    private static String format(String type, int first, String wanted) {
        boolean html = type.contains("html");
        if (html || (first == '<' && !wanted.equals("xml") && !type.contains("xml"))) {
            throw new FailureException(
                    SourceFailures.unreadable(
                            "The source answered with a page for people (HTML) in place of data. Check base_url, path and the log-in."));
        }
        if (!wanted.equals("auto")) {
            return wanted;
        }
        if (type.contains("ndjson")
                || type.contains("jsonl")
                || type.contains("json-lines")
                || type.contains("json-seq")) {
            return "ndjson";
        } else if (type.contains("json") || first == '{' || first == '[') {
            return "json";
        } else if (type.startsWith("text/csv") || type.startsWith("application/csv")) {
            return "csv";
        } else if (type.contains("xml")) {
            return "xml";
        }
        throw new FailureException(SourceFailures.unreadable(
                "The source answered with something that is neither JSON, NDJSON, CSV nor XML by its content type. If it is one of"
                        + " them, say so as the endpoint's format."));
    }

    private static @Nullable Charset charset(String type) {
        Matcher named = CHARSET.matcher(type);
        if (!named.find()) {
            return null;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    SourceFailures.unreadable("The source answered in a character set that is not known here."), e);
        }
    }

    /** The first character that is no white space or mark of the byte order; -1 where there is none. The text stays whole. */
    private static int first(BufferedInputStream text) throws IOException {
        text.mark(WHITE);
        for (int i = 0; i < WHITE - 1; i++) {
            int next = text.read();
            boolean skipped = next == ' '
                    || next == '\n'
                    || next == '\r'
                    || next == '\t'
                    || next == 0
                    || next == 0xEF
                    || next == 0xBB
                    || next == 0xBF
                    || next == 0xFE
                    || next == 0xFF;
            if (!skipped) {
                text.reset();
                return next;
            }
        }
        text.reset();
        return ' ';
    }
}
