package dev.serai.connector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.FailureException;

/** CSV of one page after the other as one text: a header that is the same as the first page's is left out. */
final class CsvPages extends PageText {
    /** A quote that nothing closes makes the rest of a file one record. */
    private static final int LARGEST_RECORD = 16 << 20;

    private final Pages pages;
    private InputStream text;
    private byte @Nullable [] header;
    private boolean pageBegins = true;
    private long left;

    /** @param limit records after which no further one is read, and no further page called for */
    CsvPages(Pages pages, AnswerRows.Csv first, long limit) {
        super(pages);
        this.pages = pages;
        this.text = first.text();
        this.left = limit;
    }

    @Override
    boolean more(ByteArrayOutputStream out) throws IOException {
        while (left > 0 || header == null) {
            byte[] line = line();
            boolean begins = pageBegins;
            pageBegins = false;
            if (line == null) {
                RouteCall next = pages.next();
                if (next == null) {
                    return false;
                }
                begin(AnswerRows.of(next));
            } else if (header == null) {
                header = line;
                out.write(line);
                return true;
            } else if (!begins || !Arrays.equals(line, header)) {
                left--;
                out.write(line);
                return true;
            }
        }
        return false;
    }

    private void begin(AnswerRows page) {
        if (page instanceof AnswerRows.Csv csv) {
            text = csv.text();
        } else if (page instanceof AnswerRows.None) {
            text = InputStream.nullInputStream();
        } else {
            throw new FailureException(SourceFailures.unreadable("The source's pages are not all laid out the same."));
        }
        pageBegins = true;
    }

    /** One record with a line feed at its end; line breaks inside quotes are part of it. Null at the end. */
    private byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean quoted = false;
        int next = text.read();
        while (next >= 0) {
            quoted ^= next == '"';
            if (next == '\n' && !quoted) {
                break;
            }
            if (next != '\r' || quoted) {
                line.write(next);
            }
            if (line.size() > LARGEST_RECORD) {
                throw new FailureException(SourceFailures.unreadable(
                        "A CSV record of the source is larger than 16 MB. Perhaps a quote in it is never closed."));
            }
            next = text.read();
        }
        if (next < 0 && line.size() == 0) {
            return null;
        }
        line.write('\n');
        return line.toByteArray();
    }
}
