package dev.serai.rows.file;

import org.jspecify.annotations.Nullable;

/**
 * How a text of separated values is written, as far as somebody says; null is for what is to be found out.
 *
 * @param delimiter one character, or {@code \t}
 * @param quote one character, or empty for none
 * @param header whether the first line names the columns
 */
public record CsvDialect(@Nullable String delimiter, @Nullable String quote, @Nullable Boolean header) {}
