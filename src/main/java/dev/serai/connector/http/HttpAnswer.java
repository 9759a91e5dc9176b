package dev.serai.connector.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/** What did a server answer? The head at once, the body as it comes, unpacked. */
public final class HttpAnswer implements AutoCloseable {
    private static final int MOST_CHARACTERS = 1_000;

    private final HttpUriRequestBase request;
    private final ClassicHttpResponse response;
    private final AtomicBoolean late;
    private final Future<?> deadline;
    private volatile boolean closed;

    HttpAnswer(HttpUriRequestBase request, ClassicHttpResponse response, AtomicBoolean late, Future<?> deadline) {
        this.request = request;
        this.response = response;
        this.late = late;
        this.deadline = deadline;
    }

    public int status() {
        return response.getCode();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    /** Of a header that may come several times, in order. */
    public List<String> headers(String name) {
        return Stream.of(response.getHeaders(name)).map(Header::getValue).toList();
    }

    /** Such as {@code application/json; charset=utf-8}, in small letters; empty where it was not told. */
    public String contentType() {
        String type = header(HttpHeaders.CONTENT_TYPE).orElse("");
        return type.substring(0, Math.min(type.length(), MOST_CHARACTERS)).toLowerCase(Locale.ROOT);
    }

    /** Whether the answer says where it ends; else one that breaks off looks whole. */
    public boolean endMarked() {
        @Nullable HttpEntity entity = response.getEntity();
        return entity == null || entity.getContentLength() >= 0 || entity.isChunked() || isGzip();
    }

    private boolean isGzip() {
        String encoding =
                header(HttpHeaders.CONTENT_ENCODING).orElse("").strip().toLowerCase(Locale.ROOT);
        return encoding.equals("gzip") || encoding.equals("x-gzip");
    }

    /**
     * The body; empty where there is none. Reading it throws {@link FailureException} where the server breaks off, is too
     * slow, or the answer was closed.
     */
    public InputStream content() {
        @Nullable HttpEntity entity = response.getEntity();
        if (entity == null || entity.getContentLength() == 0) {
            return InputStream.nullInputStream();
        }
        String encoding =
                header(HttpHeaders.CONTENT_ENCODING).orElse("").strip().toLowerCase(Locale.ROOT);
        if (!isGzip() && !encoding.isEmpty() && !encoding.equals("identity")) {
            throw new FailureException(
                    SourceFailures.unreadable("The source packed its answer in a way that it was not asked for."));
        }
        try {
            InputStream raw = new Body(entity.getContent());
            return isGzip() ? new Body(new GZIPInputStream(raw, 1 << 14)) : raw;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private FailureException failure(IOException e) {
        if (late.get()) {
            return new FailureException(SourceFailures.timedOut(), e);
        }
        if (closed) {
            return new FailureException(new dev.serai.failure.Failure.Cancelled("The read was stopped."), e);
        }
        return SourceFailures.exception(e);
    }

    /** From any thread; what was not read is not waited for. */
    @Override
    public void close() {
        closed = true;
        deadline.cancel(false);
        request.cancel();
        try {
            response.close();
        } catch (IOException e) {
            // The connection is gone, as it was meant to be.
            closed = true;
        }
    }

    private final class Body extends FilterInputStream {
        Body(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (IOException e) {
                throw failure(e);
            }
        }

        /** Nothing: the rest would be read for it. */
        @Override
        public void close() {
            HttpAnswer.this.close();
        }
    }
}
