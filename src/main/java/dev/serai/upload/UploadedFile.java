package dev.serai.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** One uploaded file: received, unpacked, and then text in UTF-8. Closing removes it. */
public final class UploadedFile implements AutoCloseable {
    private final Path folder;
    private final long largest;

    UploadedFile(Path folder, long largest) {
        this.folder = folder;
        this.largest = largest;
    }

    /**
     * Takes the file in, as it comes.
     *
     * @throws FailureException {@code too_large}
     */
    public void receive(InputStream content) throws IOException {
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(folder.resolve("received"))) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                length += read;
                if (length > largest) {
                    throw new FailureException(
                            new Failure.TooLarge("A file must not be larger than " + largest + " bytes."));
                }
                out.write(buffer, 0, read);
            }
        }
    }

    /**
     * Makes text of what was received.
     *
     * @throws FailureException {@code unsupported_file}, {@code archive_refused}, {@code bad_encoding}
     */
    public UploadedText text(UploadOptions options) throws IOException {
        Path plain = new Unpacking(folder, largest).unpack(folder.resolve("received"), options.entry());
        return Recoding.text(plain, folder.resolve("text"), folder.resolve("lines"), options.encoding());
    }

    /** The folder, for what else belongs to the file. */
    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
