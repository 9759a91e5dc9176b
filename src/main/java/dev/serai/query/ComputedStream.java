package dev.serai.query;

import java.io.IOException;
import java.util.Optional;

import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Encodes a computation's batches as they are read, up to a number of rows. */
final class ComputedStream extends ResultStream {
    private final Computation computation;
    private final ArrowReader batches;
    private final Encoder encoder;
    private final Utf8Buffer out;
    private final Computations.Answer answer;
    private long remaining;
    private boolean ended;
    private @Nullable FailureException failed;

    ComputedStream(
            Computation computation, ArrowReader batches, Encoder encoder, Utf8Buffer out, Computations.Answer answer) {
        this.computation = computation;
        this.batches = batches;
        this.encoder = encoder;
        this.out = out;
        this.answer = answer;
        this.remaining = answer.limit();
    }

    /** Computes until there is something to read, so that what fails early fails before the answer begins. */
    ResultStream begin() {
        computation.use(() -> {
            encoder.begin();
            return batch();
        });
        return this;
    }

    @Override
    public ResultFormat format() {
        return answer.format();
    }

    @Override
    public Optional<String> nextCursor() {
        return Optional.ofNullable(answer.nextCursor());
    }

    /** Adds one batch or the end; the end releases what the computation holds, before the rest is read. */
    private boolean batch() throws IOException {
        boolean more = batches.loadNextBatch();
        int rows = more ? batches.getVectorSchemaRoot().getRowCount() : 0;
        boolean truncated = rows > remaining;
        int taken = (int) Math.min(rows, remaining);
        if (taken > 0) {
            encoder.batch(taken);
            remaining -= taken;
        }
        if (!more || truncated) {
            encoder.end(truncated || answer.nextCursor() != null);
            ended = true;
            computation.close();
        }
        return more;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (out.size() == 0) {
            if (failed != null) {
                throw new IOException(failed.getMessage(), failed);
            }
            if (ended) {
                return -1;
            }
            try {
                computation.use(this::batch);
            } catch (FailureException e) {
                failed = e;
            }
        }
        return out.take(target, offset, length);
    }

    @Override
    public int available() {
        return out.size();
    }

    /** Also from another thread, while one reads. */
    @Override
    public void close() {
        computation.stop(new Failure.Cancelled("The answer was closed before its end."));
    }
}
