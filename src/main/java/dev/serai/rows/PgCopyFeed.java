package dev.serai.rows;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource.Chunks;
import dev.serai.rows.PgCopySource.Partition;

/**
 * Which whole rows come next over one connection, by one COPY or several, one after the other? Of each a header, rows of length-prefixed fields, a trailer; a stream that ends before
 * its trailer, goes on after it, has other lengths than can be or other rows than the server counted is a failure, never an end.
 *
 * <p>Only one thread can read a connection, and decoding takes longer than that: so several cursors share a feed, take
 * turns in filling their blocks, and decode at the same time.
 */
final class PgCopyFeed {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TRAILER = -1;
    private static final int NULL = -1;
    /** Flags that say that the rows have another form; none is known. */
    private static final int CRITICAL_FLAGS = 0xffff_0000;
    /** PostgreSQL's own limit of what it sends at once. */
    private static final int LONGEST = 0x3fff_ffff;

    private static final byte[] NOTHING = {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Partition partition;
    private final int columns;
    private @Nullable Chunks chunks;
    /** What was read last; rows given away keep the array, so it is never written to. */
    private byte[] piece = NOTHING;

    /** Where the row, or what else is being read, begins; nothing before it is needed any more. */
    private int start;

    private int position;
    private long rows;
    private long bytes;
    /** What is told of {@link #bytes} to who does not hold the lock; brought up to date with each block. */
    private volatile long toldBytes;

    private boolean ended;
    private boolean closed;
    private @Nullable Exception failure;

    PgCopyFeed(Partition partition, int columns) {
        this.partition = partition;
        this.columns = columns;
    }

    /** Gives the block the next rows; none at the end. After a failure it is that failure for everyone. */
    void fill(PgCopyBlock block) throws Exception {
        lock.lock();
        try {
            filled(block);
        } finally {
            lock.unlock();
        }
    }

    /** The same, unless another thread is at it; returns whether it was done. */
    boolean fillIfFree(PgCopyBlock block) throws Exception {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            filled(block);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void filled(PgCopyBlock block) throws Exception {
        if (failure != null) {
            throw failure;
        }
        try {
            if (closed && !ended) {
                throw new IllegalStateException("The rows were given up");
            }
            if (chunks == null && !ended) {
                begin(partition.open());
            }
            readRows(block);
            toldBytes = bytes;
        } catch (Exception e) {
            failure = e;
            throw e;
        } catch (Error e) {
            // Such as a row that does not fit into memory: nobody knows where the next one begins.
            failure = new IllegalStateException("Reading broke off", e);
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
            if (length != NULL) {
                need(length);
                position += length;
            }
        }
        block.row(piece, start, position - start);
        rows++;
    }

    private void readHeader() throws Exception {
        need(SIGNATURE.length + 2 * Integer.BYTES);
        if (!Arrays.equals(piece, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw broken();
        }
        if ((PgDecoders.int4(piece, SIGNATURE.length) & CRITICAL_FLAGS) != 0) {
            throw broken();
        }
        position = SIGNATURE.length + Integer.BYTES;
        int extension = PgDecoders.int4(piece, position);
        position += Integer.BYTES;
        need(extension);
        position += extension;
    }

    /** Has at least that many bytes at hand. */
    private void need(int count) throws Exception {
        if (count < 0 || count > LONGEST) {
            throw broken();
        }
        if (piece.length - position < count) {
            refill(count);
        }
    }

    /** Joins pieces where a row is spread over several; all at once, for a length may be wrong and the stream long. */
    private void refill(int count) throws Exception {
        int read = position - start;
        int left = piece.length - start;
        byte[] next = more();
        if (left > 0 || next.length < count) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream(left + next.length);
            joined.write(piece, start, left);
            joined.write(next);
            while (joined.size() - read < count) {
                joined.write(more());
            }
            next = joined.toByteArray();
        }
        piece = next;
        position = read;
        start = 0;
    }

    private byte[] more() throws Exception {
        byte @Nullable [] next = next();
        if (next == null) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ, "truncated", "The server ended the rows before they were complete.", true));
        }
        return next;
    }

    private byte @Nullable [] next() throws Exception {
        byte @Nullable [] next = open().next();
        bytes += next == null ? 0 : next.length;
        return next;
    }

    /** How many bytes came so far, nearly. */
    long bytes() {
        return toldBytes;
    }

    private Chunks open() {
        Chunks open = chunks;
        if (open == null) {
            throw new IllegalStateException("Not open");
        }
        return open;
    }

    /** Reads to the end after the trailer, so that an error which the server reports last is not missed. */
    private void drain() throws Exception {
        boolean more = position < piece.length;
        ended = true;
        piece = NOTHING;
        for (byte @Nullable [] next = next(); next != null; next = next()) {
            more |= next.length > 0;
        }
        // A wrong length may take in a whole row and still fit; only the number of rows tells.
        long sent = open().sent();
        if (more || (sent >= 0 && sent != rows)) {
            throw broken();
        }
        begin(partition.more());
    }

    private void begin(@Nullable Chunks next) throws Exception {
        ended = next == null;
        if (next == null) {
            return;
        }
        if (chunks != null) {
            chunks.close();
        }
        chunks = next;
        rows = 0;
        start = 0;
        position = 0;
        readHeader();
    }

    static FailureException broken() {
        return new FailureException(
                new Failure.Source(Failure.Layer.READ, "bad_copy", "The server's rows could not be decoded.", false));
    }

    /** One cursor that closes, at the end or before, closes for all: what is left is of no use without its share. */
    void close() throws Exception {
        lock.lock();
        try {
            if (!closed && chunks != null) {
                chunks.close();
            }
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
