package dev.serai.upload;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.file.FileLayout;

/**
 * A file's text in UTF-8.
 *
 * @param format {@code csv}, {@code json} or {@code xlsx}
 * @param encoding that it was uploaded in, such as {@code utf-8}, {@code windows-1252}; null for a workbook
 * @param workbook what else is in a workbook; null for other formats
 */
public record UploadedText(
        Path file, FileLayout layout, String format, @Nullable String encoding, @Nullable Workbook workbook) {
    /**
     * A workbook of which one sheet was read.
     *
     * @param header whether its first row names the columns
     * @param sheets the names of all
     * @param whole whether all of the sheet was read, and not its first rows only
     * @param errors cells whose formulas failed, such as {@code #DIV/0!}
     * @param firstError the address of the first of them, or null
     */
    public record Workbook(
            String sheet,
            boolean header,
            List<String> sheets,
            boolean whole,
            long errors,
            @Nullable String firstError) {
        public Workbook {
            sheets = List.copyOf(sheets);
        }
    }

    /** Text that is not yet known to be anything but text. */
    record Plain(Path file, String encoding) {}
}
