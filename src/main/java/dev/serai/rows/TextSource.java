package dev.serai.rows;

import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

/**
 * Rows as text that DuckDB's own readers decode; columns are found while reading.
 *
 * @param content one stream of text in UTF-8, or null for no rows
 */
public record TextSource(Format format, @Nullable InputStream content) implements RowSource {
    public TextSource {
        content = content == null || content instanceof CountedText ? content : new CountedText(content);
    }

    /** How the text is laid out. */
    public enum Format {
        /** One JSON object a line. */
        NDJSON,
        /** One JSON array of objects. */
        JSON_ARRAY,
        /** With a header line. */
        CSV
    }

    @Override
    public long bytesRead() {
        return content instanceof CountedText counted ? counted.bytes() : 0;
    }

    @Override
    public void close() {
        try {
            if (content != null) {
                content.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
