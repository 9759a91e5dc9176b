package dev.serai.upload;

import java.nio.file.Path;

/**
 * A file's text in UTF-8.
 *
 * @param encoding that it was uploaded in, such as {@code utf-8}, {@code windows-1252}
 */
public record UploadedText(Path file, String encoding) {}
