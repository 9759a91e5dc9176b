package dev.serai.upload;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.file.CsvDialect;

/**
 * What somebody says of a file; null is for what is to be found out.
 *
 * @param columns of separated values: one for each of the file's; empty is for what is to be found out
 * @param encoding {@code utf-8}, {@code utf-16}, {@code utf-16le}, {@code utf-16be}, {@code latin-1} or
 *     {@code windows-1252}
 * @param entry which file of a ZIP archive
 * @param sheet which sheet of a workbook: its name, or its number from 1
 */
public record UploadOptions(
        CsvDialect dialect,
        List<Column> columns,
        @Nullable String encoding,
        @Nullable String entry,
        @Nullable String sheet) {
    public UploadOptions {
        columns = List.copyOf(columns);
    }
}
