package dev.serai.rows;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Rows as text that DuckDB's own readers decode; columns are found while reading.
 *
 * @param content one stream of text in UTF-8, or null for no rows
 * @param known what whoever writes NDJSON knows better than the text tells; null: nothing
 * @param key the columns by which the source tells its rows apart; empty where it does not
 */
public record TextSource(Format format, @Nullable InputStream content, @Nullable Known known, List<String> key)
        implements RowSource {
    public TextSource {
        content = content == null || content instanceof CountedText ? content : new CountedText(content);
        key = List.copyOf(key);
    }

    /** Text of which nothing more is known. */
    public TextSource(Format format, @Nullable InputStream content) {
        this(format, content, null, List.of());
    }

    /** Of objects whose values had types that JSON has not; asked once the text was read to its end. */
    public interface Known {
        /** In order; a BLOB's text is in base64, any other's is as DuckDB casts it. */
        List<Column> columns();

        /** Bytes of the longest line. */
        int longestLine();

        /** What became of values, counted. */
        List<RowWarning> warnings();

        /** Over how many connections the text comes; from the start on. */
        default int connections() {
            return 1;
        }
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
    public int connections() {
        return known == null ? 1 : known.connections();
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
