package dev.serai.connector.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/**
 * Records of separated values, the first line the header: written anew with commas and double quotes, in UTF-8. What was
 * quoted stays so, since a quoted empty field is a text and another is nothing.
 */
final class CsvRecords implements PageRecords {
    private static final int BOM = 0xfeff;

    private final char delimiter;
    private final Reader text;
    private final List<String> header = new ArrayList<>();
    private final List<String> fields = new ArrayList<>();
    private int ahead = -2;

    CsvRecords(RestEndpoint endpoint, InputStream text, @Nullable Charset charset) {
        this.delimiter = endpoint.delimiter();
        this.text = new BufferedReader(new InputStreamReader(
                text,
                (charset == null ? StandardCharsets.UTF_8 : charset)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    @Override
    public boolean isCsv() {
        return true;
    }

    /** The first one is the header. */
    @Override
    public byte @Nullable [] next() throws IOException {
        do {
            if (!line()) {
                return null;
            }
        } while (fields.size() == 1 && fields.get(0).isEmpty());
        if (header.isEmpty()) {
            header.addAll(fields);
        } else if (fields.size() != header.size()) {
            throw new FailureException(SourceFailures.unreadable(
                    "A line of the CSV has " + fields.size() + " fields, and the header " + header.size() + "."));
        }
        return (String.join(",", fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Each as it is to be written. */
    private boolean line() throws IOException {
        fields.clear();
        int next = take();
        if (header.isEmpty() && next == BOM) {
            next = take();
        }
        if (next < 0) {
            return false;
        }
        int size = 0;
        while (true) {
            StringBuilder field = new StringBuilder();
            boolean quoted = next == '"';
            if (quoted) {
                next = quoted(field);
            }
            while (next >= 0 && next != delimiter && next != '\n' && next != '\r') {
                field.append((char) next);
                require(size + field.length());
                next = take();
            }
            size += field.length();
            fields.add(written(field, quoted));
            if (next != delimiter) {
                break;
            }
            next = take();
        }
        if (next == '\r') {
            ahead = take();
            if (ahead == '\n') {
                ahead = -2;
            }
        }
        return true;
    }

    /** After the closing quote. */
    private int quoted(StringBuilder field) throws IOException {
        while (true) {
            int next = take();
            if (next < 0) {
                throw new FailureException(SourceFailures.unreadable("The CSV ends inside a quoted field."));
            }
            if (next == '"') {
                int after = take();
                if (after != '"') {
                    return after;
                }
            }
            field.append((char) next);
            require(field.length());
        }
    }

    private static void require(int length) {
        if (length > MAX_RECORD / 4) {
            throw Limited.tooLarge();
        }
    }

    private static String written(StringBuilder field, boolean quoted) {
        String value = field.toString();
        boolean needed = quoted || value.indexOf(',') >= 0 || value.indexOf('"') >= 0;
        return needed ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private int take() throws IOException {
        if (ahead != -2) {
            int one = ahead;
            ahead = -2;
            return one;
        }
        return text.read();
    }

    @Override
    public Optional<String> value(RecordPath path) {
        return Optional.empty();
    }

    @Override
    public Optional<String> lastOf(String field) {
        int index = header.indexOf(field);
        if (index < 0 || index >= fields.size()) {
            return Optional.empty();
        }
        String written = fields.get(index);
        boolean quoted = written.startsWith("\"");
        return Optional.of(quoted ? written.substring(1, written.length() - 1).replace("\"\"", "\"") : written);
    }
}
