package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.failure.FailureException;
import dev.serai.query.ResultFormat;
import dev.serai.query.ResultStream;

/** Sends an answer to the client. A stream is sent as it is read, and not before its first bytes are there. */
@Component
class AnswerWriter {
    private static final Logger log = LoggerFactory.getLogger(AnswerWriter.class);
    private static final int CHUNK = 64 * 1024;

    /** The trailer that says whether there were more rows than asked for, where the format itself cannot. */
    private static final String TRUNCATED = "Truncated";

    private final ObjectMapper json;
    private final Problems problems;

    AnswerWriter(ObjectMapper json, Problems problems) {
        this.json = json;
        this.problems = problems;
    }

    /**
     * @param bodyless whether only the head is wanted
     * @throws IOException when the client is gone, or a stream failed after its head was sent: the container then drops
     *     the connection, so that the client cannot take what it has for the whole
     */
    void write(Answer answer, HttpServletResponse response, boolean bodyless) throws IOException {
        if (answer.body() instanceof InputStream stream) {
            try (stream) {
                if (bodyless) {
                    head(answer, response);
                } else {
                    stream(answer, stream, response);
                }
            }
            return;
        }
        byte[] bytes = answer.body() == null ? null : bytes(answer.body());
        head(answer, response);
        if (bytes != null) {
            response.setContentLength(bytes.length);
            if (!bodyless) {
                response.getOutputStream().write(bytes);
            }
        }
        response.flushBuffer();
    }

    private void stream(Answer answer, InputStream stream, HttpServletResponse response) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int length;
        try {
            length = stream.read(chunk);
        } catch (IOException | RuntimeException e) {
            write(problems.of(e), response, false);
            return;
        }
        head(answer, response);
        if (stream instanceof ResultStream rows && rows.format() != ResultFormat.JSON) {
            trailer(rows, response);
        }
        OutputStream out = response.getOutputStream();
        while (length >= 0) {
            out.write(chunk, 0, length);
            out.flush();
            length = next(stream, chunk);
        }
    }

    private static void trailer(ResultStream rows, HttpServletResponse response) {
        try {
            response.setTrailerFields(() -> rows.truncated()
                    .map(value -> Map.of(TRUNCATED, value.toString()))
                    .orElse(Map.of()));
            response.setHeader("Trailer", TRUNCATED);
        } catch (IllegalStateException e) {
            log.debug("An HTTP/1.0 client gets its rows without the trailer", e);
        }
    }

    private static int next(InputStream stream, byte[] chunk) throws IOException {
        try {
            return stream.read(chunk);
        } catch (IOException | RuntimeException e) {
            log.warn("An answer broke off midway: {}", reason(e));
            // The one exception by which Tomcat drops the connection and says nothing more about it.
            throw new ClientAbortException("An answer broke off midway");
        }
    }

    /** The message may quote rows. */
    private static String reason(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException expected) {
                return expected.failure().code();
            }
        }
        return thrown.getClass().getSimpleName();
    }

    private static void head(Answer answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            response.setHeader(header.getKey(), header.getValue());
        }
        if (answer.body() != null) {
            response.setContentType(answer.mediaType());
        }
    }

    private byte @Nullable [] bytes(Object body) throws IOException {
        return body instanceof byte[] bytes ? bytes : json.writeValueAsBytes(body);
    }
}
