package dev.serai.upload;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Do the lines of a text end in different ways, and how do they end alike? What stands in quotes stays as it is. */
final class LineEnds {
    private static final int PIECE = 1 << 18;

    private LineEnds() {}

    static boolean mixed(Path file) throws IOException {
        boolean pairs = false;
        boolean feeds = false;
        boolean returns = false;
        int before = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                for (int i = 0; i < read; i++) {
                    int one = piece[i];
                    if (one == '\n') {
                        pairs |= before == '\r';
                        feeds |= before != '\r';
                    } else if (before == '\r') {
                        returns = true;
                    }
                    before = one;
                }
            }
        }
        returns |= before == '\r';
        return (pairs && feeds) || (pairs && returns) || (feeds && returns);
    }

    /** Writes the text with all lines ending in a line feed, and gives the target. */
    static Path alike(Path file, Path target) throws IOException {
        boolean quoted = false;
        boolean returned = false;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), PIECE)) {
            for (int one = in.read(); one >= 0; one = in.read()) {
                quoted ^= one == '"';
                if (one == '\n' && returned) {
                    returned = false;
                    continue;
                }
                returned = one == '\r' && !quoted;
                out.write(returned ? '\n' : one);
            }
        }
        return target;
    }
}
