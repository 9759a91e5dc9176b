package dev.serai.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

import org.springframework.util.FileSystemUtils;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;
import dev.serai.rows.file.FileLayout;

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
        } catch (IOException e) {
            throw FullDisk.in(e).orElseThrow(() -> e);
        }
    }

    /**
     * Makes text of what was received.
     *
     * @param most rows of a workbook to be read
     * @param told how many of them were read so far, now and then; what it throws ends the reading
     * @throws FailureException {@code unsupported_file}, {@code archive_refused}, {@code bad_encoding},
     *     {@code unreadable_file}
     */
    public UploadedText text(UploadOptions options, long most, LongConsumer told) throws IOException {
        try {
            return made(options, most, told);
        } catch (IOException e) {
            throw FullDisk.in(e).orElseThrow(() -> e);
        }
    }

    private UploadedText made(UploadOptions options, long most, LongConsumer told) throws IOException {
        Unpacking.Unpacked plain = new Unpacking(folder, largest).unpack(folder.resolve("received"), options.entry());
        if (plain.kind() == FileKind.WORKBOOK) {
            onlySeparated(options);
            return new WorkbookText(
                            folder, largest, options.sheet(), options.dialect().header(), most, told)
                    .write(plain.file(), folder.resolve("text"));
        }
        if (options.sheet() != null) {
            throw new FailureException(Failure.Invalid.of("/sheet", "is for workbooks only"));
        }
        UploadedText.Plain text = Recoding.utf8(plain.file(), folder.resolve("text"), options.encoding());
        if (FileKind.isJson(text.file())) {
            onlySeparated(options);
            return new JsonLines(folder.resolve("objects"), folder.resolve("rejected")).write(text);
        }
        Path even = LineEnds.mixed(text.file()) ? LineEnds.alike(text.file(), folder.resolve("lines")) : text.file();
        return new UploadedText(
                even, new FileLayout.Separated(options.dialect(), options.columns()), "csv", text.encoding(), null);
    }

    private static void onlySeparated(UploadOptions options) {
        if (!options.columns().isEmpty()) {
            throw new FailureException(Failure.Invalid.of("/columns", "is for separated values only"));
        }
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
