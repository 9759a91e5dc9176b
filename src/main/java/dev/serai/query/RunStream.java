package dev.serai.query;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.FailureException;
import dev.serai.query.Wire.Frame;
import dev.serai.query.Wire.Kind;

/** The answer of a statement that another process computes, as it comes from there. */
final class RunStream extends ResultStream {
    private final QueryRun run;
    private final ResultFormat format;
    private byte[] bytes = new byte[0];
    private int position;
    private @Nullable Boolean truncated;
    private @Nullable FailureException failed;

    RunStream(QueryRun run, ResultFormat format, Frame first) {
        this.run = run;
        this.format = format;
        take(first);
    }

    private void take(Frame frame) {
        if (frame.kind() == Kind.END) {
            truncated = frame.as(Wire.End.class).truncated();
            run.close();
        } else {
            bytes = frame.bytes();
            position = 0;
        }
    }

    @Override
    public ResultFormat format() {
        return format;
    }

    @Override
    public Optional<String> nextCursor() {
        return Optional.empty();
    }

    @Override
    public Optional<Boolean> truncated() {
        return Optional.ofNullable(truncated);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (position == bytes.length) {
            if (failed != null) {
                throw new IOException(failed.getMessage(), failed);
            }
            if (truncated != null) {
                return -1;
            }
            try {
                take(run.next());
            } catch (FailureException e) {
                failed = e;
                run.close();
            }
        }
        int count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return bytes.length - position;
    }

    /** Also from another thread, while one reads. */
    @Override
    public void close() {
        run.cancel();
    }
}
