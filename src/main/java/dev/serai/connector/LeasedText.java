package dev.serai.connector;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Text as a route answered it, which keeps the route until it is closed. */
final class LeasedText extends FilterInputStream {
    private final Pages pages;

    LeasedText(InputStream text, Pages pages) {
        super(text);
        this.pages = pages;
    }

    @Override
    public int read() {
        try {
            return super.read();
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        try {
            return super.read(target, offset, length);
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            // First: a stream from a network reads what is left of it when it is closed.
            pages.close();
        } finally {
            super.close();
        }
    }
}
