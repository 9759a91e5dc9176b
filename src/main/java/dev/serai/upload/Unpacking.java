package dev.serai.upload;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;

/** Which file is in an upload? Archives are unpacked, though not those inside others; names in them are never paths. */
final class Unpacking {
    /** More than this times its packed size is a bomb, as is more than {@link #MOST_TIMES} times the largest upload. */
    static final int MOST_RATIO = 200;

    static final int MOST_TIMES = 20;
    static final String BOMB = "The archive holds far more than its size lets expect.";
    private static final long HARMLESS = 16L << 20;
    private static final int MOST_NAMED = 20;

    /** A file and what it is: a workbook or text. */
    record Unpacked(Path file, FileKind kind) {}

    private final Path folder;
    private final long largest;

    Unpacking(Path folder, long largest) {
        this.folder = folder;
        this.largest = largest;
    }

    Unpacked unpack(Path received, @Nullable String entry) throws IOException {
        FileKind kind = FileKind.of(received);
        if (entry != null && kind != FileKind.ZIP) {
            throw new FailureException(Failure.Invalid.of("/entry", "is for ZIP archives only"));
        }
        if (kind != FileKind.GZIP && kind != FileKind.ZIP) {
            return new Unpacked(received, kind);
        }
        Path plain = kind == FileKind.GZIP ? gunzip(received) : unzip(received, entry);
        FileKind inside = FileKind.of(plain);
        if (inside == FileKind.GZIP || inside == FileKind.ZIP) {
            throw refused("archive_refused", "An archive inside an archive is not unpacked.", null);
        }
        return new Unpacked(plain, inside);
    }

    private Path gunzip(Path received) throws IOException {
        Path plain = folder.resolve("unpacked");
        // The JDK's own stream takes a second member that is cut off for the end.
        try (InputStream in =
                new GzipCompressorInputStream(new BufferedInputStream(Files.newInputStream(received)), true)) {
            copy(in, plain, Files.size(received));
        } catch (IOException e) {
            throw FullDisk.in(e).orElseGet(() -> refused("archive_refused", "The GZIP file is damaged or cut off.", e));
        }
        return plain;
    }

    private Path unzip(Path received, @Nullable String wanted) throws IOException {
        try (ZipFile zip = new ZipFile(received.toFile(), StandardCharsets.UTF_8)) {
            List<? extends ZipEntry> files = Collections.list(zip.entries()).stream()
                    .filter(one -> !one.isDirectory() && !one.getName().startsWith("__MACOSX/"))
                    .toList();
            List<? extends ZipEntry> chosen = files.stream()
                    .filter(one -> wanted == null || one.getName().equals(wanted))
                    .toList();
            if (chosen.size() != 1) {
                throw refused("archive_refused", choice(files), null);
            }
            ZipEntry one = chosen.get(0);
            Path plain = folder.resolve("unpacked");
            try (InputStream in = zip.getInputStream(one)) {
                copy(in, plain, Math.max(1, one.getCompressedSize()));
            }
            return plain;
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    private static String choice(List<? extends ZipEntry> files) {
        if (files.isEmpty()) {
            return "The archive holds no file.";
        }
        return "The archive must hold one file, or entry must name one of: "
                + String.join(
                        ", ",
                        files.stream().limit(MOST_NAMED).map(ZipEntry::getName).toList())
                + (files.size() > MOST_NAMED ? ", …" : "") + ".";
    }

    private void copy(InputStream in, Path target, long packed) throws IOException {
        long most = Math.min(MOST_TIMES * largest, Math.max(HARMLESS, MOST_RATIO * packed));
        try (InputStream counted = new Limited(in, most)) {
            Files.copy(counted, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static FailureException damaged(Exception cause) {
        boolean locked = String.valueOf(cause.getMessage()).contains("encrypted");
        String detail = locked
                ? "The ZIP archive is protected by a password; pack the file without one."
                : "The ZIP archive is damaged, or of a kind that cannot be read.";
        return refused("archive_refused", detail, cause);
    }

    static FailureException refused(String code, String detail, @Nullable Throwable cause) {
        return new FailureException(new Failure.Invalid(code, detail, List.of()), cause);
    }

    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            left -= Math.max(0, read);
            if (left < 0) {
                throw refused("archive_refused", BOMB, null);
            }
            return read;
        }
    }
}
