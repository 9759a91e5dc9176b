package dev.serai.query;

import java.io.InputStream;
import java.util.Optional;

/** An answer of rows that is computed while it is read; closing it early stops the computation. */
public abstract class ResultStream extends InputStream {

    /** The format of the bytes. */
    public abstract ResultFormat format();

    /** Where the next page starts, for a page of rows that is not the last; known before the first byte. */
    public abstract Optional<String> nextCursor();

    /** Whether there were more rows than asked for; known once the end was read. */
    public abstract Optional<Boolean> truncated();
}
