package dev.serai.query;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Json;
import dev.serai.query.ParsedSql.TableReference;

/** What Serai and a query's process say to each other: frames of a kind, a length and as many bytes. */
final class Wire {
    /** More than any SQL or snapshot needs; a process gone mad must not fill our memory. */
    private static final int LARGEST = 64 << 20;

    private static final int BUFFER = 64 * 1024;

    private final DataInputStream in;
    private final DataOutputStream out;

    Wire(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
    }

    /** In the order in which they come; the process says what has no answer of ours. */
    enum Kind {
        /** From the process: it is there. */
        READY,
        /** {@link Ask}. */
        ASK,
        /** From the process: {@link Names}. */
        NAMES,
        /** {@link Tables}, or nothing where a name is not known, which ends the query. */
        TABLES,
        /** From the process: bytes of the answer. */
        ROWS,
        /** From the process: {@link End}. */
        END,
        /** From the process, instead of any other: {@link Failed}. */
        FAILED
    }

    /** A statement and what is wanted of it. */
    record Ask(String sql, List<JsonNode> params, long limit, ResultFormat format) {}

    /** The tables that the statement names. */
    record Names(List<TableReference> tables) {}

    /** What these names stand for. */
    record Tables(List<NamedTable> tables) {}

    /** The answer is complete. */
    record End(boolean truncated) {}

    /** A {@link Failure}. */
    record Failed(String kind, String code, String detail, @Nullable Integer position, List<Fault> errors) {
        static Failed of(Failure failure) {
            if (failure instanceof Failure.Unreadable unreadable) {
                return new Failed("unreadable", failure.code(), failure.detail(), unreadable.position(), List.of());
            } else if (failure instanceof Failure.Invalid invalid) {
                return new Failed("invalid", failure.code(), failure.detail(), null, invalid.errors());
            }
            return new Failed("internal", failure.code(), failure.detail(), null, List.of());
        }

        FailureException exception() {
            return new FailureException(
                    switch (kind) {
                        case "unreadable" -> new Failure.Unreadable(code, detail, position);
                        case "invalid" -> new Failure.Invalid(code, detail, errors);
                        default -> new Failure.Internal(detail);
                    });
        }
    }

    /** One message. */
    record Frame(Kind kind, byte[] bytes) {
        <T> T as(Class<T> type) {
            return Json.read(new String(bytes, StandardCharsets.UTF_8), type);
        }
    }

    void send(Kind kind) throws IOException {
        send(kind, new byte[0], 0);
    }

    void send(Kind kind, Object message) throws IOException {
        byte[] bytes = Json.write(message).getBytes(StandardCharsets.UTF_8);
        send(kind, bytes, bytes.length);
    }

    void send(Kind kind, byte[] bytes, int length) throws IOException {
        out.writeByte(kind.ordinal());
        out.writeInt(length);
        out.write(bytes, 0, length);
        out.flush();
    }

    /** Waits for the next message. */
    Frame receive() throws IOException {
        Kind kind = Kind.values()[in.readByte()];
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("A frame of " + length + " bytes");
        }
        return new Frame(kind, in.readNBytes(length));
    }

    /** Waits for a message that must be of this kind. */
    Frame receive(Kind expected) throws IOException {
        Frame frame = receive();
        if (frame.kind() != expected) {
            throw new IOException(frame.kind() + " came, not " + expected);
        }
        return frame;
    }
}
