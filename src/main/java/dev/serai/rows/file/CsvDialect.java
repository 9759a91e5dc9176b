package dev.serai.rows.file;

import org.jspecify.annotations.Nullable;

/**
 * How a text of separated values is written, as far as somebody says; null is for what is to be found out.
 *
 * @param delimiter one character, or {@code \t}
 * @param quote one character, or empty for none
 * @param escape what stands before a quote within quotes: one character, the quote itself as a rule
 * @param header whether the first line names the columns
 * @param skip how many lines stand before the header
 * @param nullText what is written for NULL, besides nothing at all
 * @param decimal {@code .} or {@code ,}: what stands before the fraction of a number
 */
public record CsvDialect(
        @Nullable String delimiter,
        @Nullable String quote,
        @Nullable String escape,
        @Nullable Boolean header,
        @Nullable Integer skip,
        @Nullable String nullText,
        @Nullable String decimal) {
    /** Of which all is to be found out. */
    public static final CsvDialect UNKNOWN = new CsvDialect(null, null, null, null, null, null, null);

    /** The delimiter itself, also of the tab. */
    @Nullable
    String separator() {
        return "\\t".equals(delimiter) ? "\t" : delimiter;
    }

    boolean comma() {
        return ",".equals(decimal);
    }
}
