package dev.serai.connector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Text made piece by piece while it is read, so that memory holds one piece at a time. What goes wrong comes out as a
 * {@link dev.serai.failure.FailureException}.
 */
abstract class PageText extends InputStream {
    private static final int PIECE = 1 << 15;

    private final Pages pages;
    private final ByteArrayOutputStream made = new ByteArrayOutputStream(PIECE + 4096);
    private byte[] piece = new byte[0];
    private int position;

    PageText(Pages pages) {
        this.pages = pages;
    }

    /** Writes some more, at least a row; false at the end. */
    abstract boolean more(ByteArrayOutputStream out) throws IOException;

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == piece.length && !fill()) {
            return -1;
        }
        int taken = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, taken);
        position += taken;
        return taken;
    }

    private boolean fill() {
        try {
            made.reset();
            while (made.size() < PIECE && more(made)) {
                // One row after the other, until the piece is large enough.
            }
            piece = made.toByteArray();
            position = 0;
            return piece.length > 0;
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    @Override
    public void close() {
        pages.close();
    }
}
