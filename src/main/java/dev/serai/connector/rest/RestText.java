package dev.serai.connector.rest;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.failure.FailureException;
import dev.serai.rows.TextSource;

/**
 * All pages of an endpoint as one text, one record a line, of which no more than a record is held. Closing it, from
 * whichever thread, ends the request or the wait that it is at.
 */
final class RestText extends InputStream {
    private final RestCalls calls;
    private final RestPages pages;
    private final RestEndpoint endpoint;
    private final List<String> columns;
    private final RestStop stop;
    private final long end;
    private long left;
    private @Nullable HttpAnswer answer;
    private @Nullable PageRecords page;
    private RestPages.Seen seen = new RestPages.Seen();
    private byte[] header = {};
    private byte[] line = {};
    private int place;
    private boolean over;
    private boolean csv;

    /**
     * @param columns fields to have, in this order; empty for all
     * @param limit of records
     * @param end by {@link System#nanoTime}
     */
    RestText(
            RestCalls calls,
            RestPages pages,
            RestEndpoint endpoint,
            List<String> columns,
            RestStop stop,
            long limit,
            long end) {
        this.calls = calls;
        this.pages = pages;
        this.endpoint = endpoint;
        this.columns = columns;
        this.stop = stop;
        this.left = limit;
        this.end = end;
    }

    /** Asks for the first page, and so tells the format, and what keeps one from reading. */
    TextSource.Format open() {
        try {
            turn();
            csv = page != null && page.isCsv();
            if (csv) {
                byte @Nullable [] first = page == null ? null : page.next();
                header = first == null ? new byte[0] : first;
                line = header;
            }
            return csv ? TextSource.Format.CSV : TextSource.Format.NDJSON;
        } catch (IOException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void turn() throws IOException {
        seen = new RestPages.Seen();
        HttpAnswer next = calls.ask(pages.asked(), stop, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        answer = next;
        Optional<PageRecords> records = PageFormat.of(next, endpoint, columns);
        page = records.orElse(null);
    }

    @Override
    public int read() throws IOException {
        return fill() ? line[place++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, line.length - place);
        System.arraycopy(line, place, target, offset, count);
        place += count;
        return count;
    }

    private boolean fill() {
        if (place < line.length) {
            return true;
        }
        try {
            return next();
        } catch (IOException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            stop.requireOpen();
            throw e;
        }
    }

    private boolean next() throws IOException {
        while (!over) {
            stop.requireOpen();
            if (left <= 0) {
                over = true;
                release();
                return false;
            }
            byte @Nullable [] record = page == null ? null : page.next();
            if (record != null) {
                seen.add(record);
                left--;
                line = record;
                place = 0;
                return true;
            }
            HttpAnswer read = answer;
            over = read == null || !pages.advance(read, page, seen);
            release();
            if (!over) {
                turn();
                if (page != null) {
                    requireSame(page);
                }
            }
        }
        return false;
    }

    /** Every page of CSV has the header again. */
    private void requireSame(PageRecords next) throws IOException {
        if (next.isCsv() != csv) {
            throw new FailureException(SourceFailures.unreadable("The pages have different formats."));
        }
        byte @Nullable [] again = csv ? next.next() : header;
        if (again != null && !java.util.Arrays.equals(again, header)) {
            throw new FailureException(SourceFailures.unreadable("The pages of CSV have different headers."));
        }
    }

    private FailureException failure(IOException e) {
        stop.requireOpen();
        if (e instanceof JsonEOFException) {
            return new FailureException(SourceFailures.brokeOff());
        } else if (e instanceof JsonProcessingException) {
            // Without its words, which quote the text.
            return new FailureException(SourceFailures.unreadable("The source's answer is no JSON."));
        } else if (e instanceof CharacterCodingException || e instanceof CharConversionException) {
            return new FailureException(
                    SourceFailures.unreadable("The source's answer is not in the character set that it names."));
        }
        return SourceFailures.exception(e);
    }

    private void release() {
        HttpAnswer done = answer;
        answer = null;
        if (done != null) {
            done.close();
        }
    }

    @Override
    public void close() {
        stop.stop();
    }
}
