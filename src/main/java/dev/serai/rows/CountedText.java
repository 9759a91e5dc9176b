package dev.serai.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Text of a source with the number of bytes of it that were read so far. */
final class CountedText extends FilterInputStream {
    private volatile long bytes;

    CountedText(InputStream text) {
        super(text);
    }

    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(read);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Only one thread reads; others look. */
    private void count(long more) {
        bytes = bytes + Math.max(0, more);
    }
}
