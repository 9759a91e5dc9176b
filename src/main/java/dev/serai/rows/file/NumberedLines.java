package dev.serai.rows.file;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** On which line does each row of a text begin? Writes the text again with that number as each row's first value. */
final class NumberedLines {
    private final char delimiter;
    private final int quote;
    private final int escape;
    private final int skip;
    /** Where the text has one column, an empty line is a row. */
    private final boolean single;

    private long line = 1;

    NumberedLines(FoundDialect dialect) {
        this.delimiter = dialect.delimiter().charAt(0);
        this.quote = dialect.quote().isEmpty() ? -1 : dialect.quote().charAt(0);
        this.escape = dialect.escape().isEmpty() ? -1 : dialect.escape().charAt(0);
        this.skip = dialect.skip();
        this.single = dialect.names().size() == 1;
    }

    void write(Path text, Path target) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(text, StandardCharsets.UTF_8);
                BufferedWriter out = Files.newBufferedWriter(target, StandardCharsets.UTF_8)) {
            int one = in.read();
            if (one == '\uFEFF') {
                one = in.read();
            }
            while (one >= 0 && line <= skip) {
                out.write(one);
                int next = in.read();
                line += one == '\n' || one == '\r' && next != '\n' ? 1 : 0;
                one = next;
            }
            while (one >= 0) {
                boolean empty = one == '\n' || one == '\r';
                if (!empty || single) {
                    out.write(Long.toString(line));
                    out.write(delimiter);
                }
                one = row(one, in, out);
            }
        }
    }

    /** Copies a row with its end, and gives the first character behind it. */
    private int row(int first, BufferedReader in, BufferedWriter out) throws IOException {
        boolean start = true;
        boolean quoted = false;
        int one = first;
        while (one >= 0) {
            out.write(one);
            int next = in.read();
            if (quoted) {
                if (one == escape && (next == quote || next == escape)) {
                    out.write(next);
                    next = in.read();
                } else if (one == quote) {
                    quoted = false;
                }
            } else {
                quoted = start && one == quote;
                start = one == delimiter;
            }
            boolean end = one == '\n' || one == '\r' && next != '\n';
            line += end ? 1 : 0;
            if (end && !quoted) {
                return next;
            }
            one = next;
        }
        return one;
    }
}
