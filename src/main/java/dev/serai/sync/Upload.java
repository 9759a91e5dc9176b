package dev.serai.sync;

import java.io.IOException;
import java.util.function.LongConsumer;

import dev.serai.upload.UploadOptions;
import dev.serai.upload.UploadedFile;
import dev.serai.upload.UploadedText;

/**
 * An uploaded file on its way into a dataset.
 *
 * @param file to be removed once the run has ended
 * @param first its text; of a large workbook only the first rows
 * @param append whether its rows come to those that the dataset has, and not in their place
 */
record Upload(UploadedFile file, UploadOptions options, UploadedText first, boolean append) {
    /** All of its text; to make it of a large workbook takes minutes. */
    UploadedText text(LongConsumer told) throws IOException {
        UploadedText.Workbook workbook = first.workbook();
        return workbook == null || workbook.whole() ? first : file.text(options, Long.MAX_VALUE, told);
    }
}
