package dev.serai.rows;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource.Chunks;
import dev.serai.rows.PgCopySource.Partition;

/**
 * Which whole rows come next in one COPY? A header, rows of length-prefixed fields, a trailer; a stream that ends before
 * its trailer is a failure, never an end.
 *
 * <p>Only one thread can read a connection, and decoding takes longer than that: so several cursors share a feed, take
 * turns in filling their blocks, and decode at the same time.
 */
final class PgCopyFeed {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TRAILER = -1;
    private static final byte[] NOTHING = {};

    private final Partition partition;
    private final int columns;
    private @Nullable Chunks chunks;
    /** What was read last; rows given away keep the array, so it is never written to. */
    private byte[] piece = NOTHING;

    /** Where the row, or what else is being read, begins; nothing before it is needed any more. */
    private int start;

    private int position;
    private boolean ended;
    private boolean closed;
    private @Nullable Exception failure;

    PgCopyFeed(Partition partition, int columns) {
        this.partition = partition;
        this.columns = columns;
    }

    /** Gives the block the next rows; none at the end. After a failure it is that failure for everyone. */
    synchronized void fill(PgCopyBlock block) throws Exception {
        if (failure != null) {
            throw failure;
        }
        try {
            if (closed && !ended) {
                throw new IllegalStateException("The rows were given up");
            }
            if (chunks == null) {
                chunks = partition.open();
                readHeader();
            }
            readRows(block);
        } catch (Exception e) {
            failure = e;
            throw e;
        }
    }

    private void readRows(PgCopyBlock block) throws Exception {
        while (!ended && block.hasRoom()) {
            start = position;
            need(Short.BYTES);
            int fields = PgDecoders.int2(piece, position);
            position += Short.BYTES;
            if (fields == TRAILER) {
                drain();
            } else if (fields != columns) {
                throw broken();
            } else {
                readRow(block);
            }
        }
    }

    private void readRow(PgCopyBlock block) throws Exception {
        for (int i = 0; i < columns; i++) {
            need(Integer.BYTES);
            int length = PgDecoders.int4(piece, position);
            block.field(i, position - start);
            position += Integer.BYTES;
            if (length > 0) {
                need(length);
                position += length;
            }
        }
        block.row(piece, start, position - start);
    }

    private void readHeader() throws Exception {
        need(SIGNATURE.length + 2 * Integer.BYTES);
        if (!Arrays.equals(piece, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw broken();
        }
        position = SIGNATURE.length + Integer.BYTES;
        int extension = PgDecoders.int4(piece, position);
        position += Integer.BYTES;
        need(extension);
        position += extension;
    }

    /** Has at least that many bytes at hand, joining pieces where a row is spread over several. */
    private void need(int count) throws Exception {
        while (piece.length - position < count) {
            byte @Nullable [] next = next();
            if (next == null) {
                throw new FailureException(new Failure.Source(
                        Failure.Layer.READ, "truncated", "The server ended the rows before they were complete.", true));
            }
            int left = piece.length - start;
            if (left > 0) {
                byte[] joined = Arrays.copyOfRange(piece, start, start + left + next.length);
                System.arraycopy(next, 0, joined, left, next.length);
                piece = joined;
            } else {
                piece = next;
            }
            position -= start;
            start = 0;
        }
    }

    private byte @Nullable [] next() throws Exception {
        Chunks open = chunks;
        if (open == null) {
            throw new IllegalStateException("Not open");
        }
        return open.next();
    }

    /** Reads to the end after the trailer, so that an error which the server reports last is not missed. */
    private void drain() throws Exception {
        ended = true;
        piece = NOTHING;
        while (next() != null) {
            // Nothing of interest comes after the trailer.
        }
    }

    static FailureException broken() {
        return new FailureException(
                new Failure.Source(Failure.Layer.READ, "bad_copy", "The server's rows could not be decoded.", false));
    }

    /** One cursor that closes, at the end or before, closes for all: what is left is of no use without its share. */
    synchronized void close() throws Exception {
        if (!closed && chunks != null) {
            chunks.close();
        }
        closed = true;
    }
}
