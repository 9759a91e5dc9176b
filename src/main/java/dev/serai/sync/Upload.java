package dev.serai.sync;

import dev.serai.upload.UploadedFile;
import dev.serai.upload.UploadedText;

/**
 * An uploaded file on its way into a dataset.
 *
 * @param file to be removed once the run has ended
 * @param append whether its rows come to those that the dataset has, and not in their place
 */
record Upload(UploadedFile file, UploadedText text, boolean append) {}
