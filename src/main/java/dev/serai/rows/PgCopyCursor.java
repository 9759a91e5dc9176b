package dev.serai.rows;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource.Chunks;
import dev.serai.rows.PgCopySource.Field;

/**
 * Reads one COPY: a header, rows of length-prefixed fields, a trailer. A stream that ends before its trailer is a
 * failure, never an end.
 */
final class PgCopyCursor implements BatchSource.Cursor {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TRAILER = -1;

    private final Chunks chunks;
    private final PgWireType[] wires;
    private final PgDecoder[] decoders;
    private final ColumnWriter[] writers;
    private byte[] bytes = {};
    private int position;
    private boolean started;
    private boolean ended;

    PgCopyCursor(Chunks chunks, List<Field> fields, WarningCounter warnings) {
        this.chunks = chunks;
        this.wires = fields.stream().map(Field::wire).toArray(PgWireType[]::new);
        this.decoders =
                fields.stream().map(field -> PgDecoders.of(field, warnings)).toArray(PgDecoder[]::new);
        this.writers = new ColumnWriter[decoders.length];
    }

    @Override
    public int next(RowBatch batch) throws Exception {
        if (!started) {
            readHeader();
        }
        for (int i = 0; i < writers.length; i++) {
            writers[i] = batch.column(i);
        }
        int row = 0;
        while (row < batch.capacity() && !ended) {
            need(Short.BYTES);
            int fields = PgDecoders.int2(bytes, position);
            position += Short.BYTES;
            if (fields == TRAILER) {
                drain();
            } else if (fields != decoders.length) {
                throw broken();
            } else {
                readRow(row);
                row++;
            }
        }
        return row;
    }

    private void readRow(int row) throws Exception {
        for (int i = 0; i < decoders.length; i++) {
            need(Integer.BYTES);
            int length = PgDecoders.int4(bytes, position);
            position += Integer.BYTES;
            if (length < 0) {
                writers[i].setNull(row);
            } else if (!wires[i].canTake(length)) {
                throw broken();
            } else {
                need(length);
                decoders[i].decode(bytes, position, length, writers[i], row);
                position += length;
            }
        }
    }

    private void readHeader() throws Exception {
        need(SIGNATURE.length + 2 * Integer.BYTES);
        if (!Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw broken();
        }
        position = SIGNATURE.length + Integer.BYTES;
        int extension = PgDecoders.int4(bytes, position);
        position += Integer.BYTES;
        need(extension);
        position += extension;
        started = true;
    }

    /** Has at least that many bytes at hand, joining pieces where a value is spread over several. */
    private void need(int count) throws Exception {
        while (bytes.length - position < count) {
            byte @Nullable [] next = chunks.next();
            if (next == null) {
                throw new FailureException(new Failure.Source(
                        Failure.Layer.READ, "truncated", "The server ended the rows before they were complete.", true));
            }
            int left = bytes.length - position;
            if (left > 0) {
                byte[] joined = Arrays.copyOfRange(bytes, position, position + left + next.length);
                System.arraycopy(next, 0, joined, left, next.length);
                bytes = joined;
            } else {
                bytes = next;
            }
            position = 0;
        }
    }

    /** Reads to the end after the trailer, so that an error which the server reports last is not missed. */
    private void drain() throws Exception {
        ended = true;
        while (chunks.next() != null) {
            // Nothing of interest comes after the trailer.
        }
    }

    private static FailureException broken() {
        return new FailureException(
                new Failure.Source(Failure.Layer.READ, "bad_copy", "The server's rows could not be decoded.", false));
    }

    @Override
    public void close() throws Exception {
        chunks.close();
    }
}
