package dev.serai.query;

import java.io.IOException;
import java.util.Optional;

import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Encodes a computation's batches as they are read, up to a number of rows. */
final class ComputedStream extends ResultStream {
    private static final int ENOUGH = 60 * 1024;

    private final Computation computation;
    private final ArrowReader batches;
    private final Encoder encoder;
    private final Utf8Buffer out;
    private final Prepared.Answer answer;
    private long remaining;
    private int row;
    private int rows;
    private boolean ended;
    private @Nullable Boolean truncated;
    private @Nullable FailureException failed;

    ComputedStream(
            Computation computation, ArrowReader batches, Encoder encoder, Utf8Buffer out, Prepared.Answer answer) {
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
            return steps();
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

    @Override
    public Optional<Boolean> truncated() {
        return Optional.ofNullable(truncated);
    }

    /** Adds some rows or the end; the end releases what the computation holds, before the rest is read. */
    private boolean step() throws IOException {
        if (row == rows && !load()) {
            return false;
        }
        int until = (int) Math.min(row + Math.min(remaining, encoder.most()), rows);
        if (until > row) {
            encoder.rows(row, until);
            remaining -= until - row;
            row = until;
        }
        if (row < rows && remaining == 0) {
            end(true);
        }
        return true;
    }

    /** What is computed already may wait for more of it, but for no further computing. */
    private boolean steps() throws IOException {
        boolean more = step();
        while (row < rows && !ended && out.size() < ENOUGH) {
            step();
        }
        return more;
    }

    /** The next batch, or the end. */
    private boolean load() throws IOException {
        boolean more = batches.loadNextBatch();
        row = 0;
        rows = more ? batches.getVectorSchemaRoot().getRowCount() : 0;
        if (!more) {
            end(false);
        }
        return more;
    }

    private void end(boolean wereMore) throws IOException {
        encoder.end(wereMore || answer.nextCursor() != null);
        truncated = wereMore;
        ended = true;
        computation.close();
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
                computation.use(this::steps);
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
