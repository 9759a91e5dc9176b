package dev.serai.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Which file is in an upload? Told by the first bytes and never by the name; archives are unpacked, others refused. */
final class Unpacking {
    /** More than this times its packed size is a bomb, as is more than this times the largest upload. */
    private static final int MOST_RATIO = 200;

    private static final int MOST_TIMES = 20;
    private static final long HARMLESS = 16L << 20;
    private static final int MOST_NAMED = 20;

    private final Path folder;
    private final long largest;

    Unpacking(Path folder, long largest) {
        this.folder = folder;
        this.largest = largest;
    }

    Path unpack(Path received, @Nullable String entry) throws IOException {
        byte[] head = head(received);
        if (starts(head, 0x1f, 0x8b)) {
            Path plain = folder.resolve("unpacked");
            try (InputStream in = new GZIPInputStream(Files.newInputStream(received))) {
                copy(in, plain, Files.size(received));
            } catch (ZipException | java.io.EOFException e) {
                throw refused("archive_refused", "The GZIP file is damaged.", e);
            }
            return plainOnly(plain);
        }
        if (starts(head, 'P', 'K', 3, 4) || starts(head, 'P', 'K', 5, 6)) {
            return plainOnly(unzip(received, entry));
        }
        if (entry != null) {
            throw new FailureException(Failure.Invalid.of("/entry", "is for ZIP archives only"));
        }
        return plainOnly(received);
    }

    private Path unzip(Path received, @Nullable String wanted) throws IOException {
        try (ZipFile zip = new ZipFile(received.toFile(), StandardCharsets.UTF_8)) {
            if (zip.getEntry("[Content_Types].xml") != null) {
                throw refused(
                        "unsupported_file", "Office files such as XLSX cannot be read yet; save it as CSV.", null);
            }
            List<? extends ZipEntry> files = Collections.list(zip.entries()).stream()
                    .filter(one -> !one.isDirectory() && !one.getName().startsWith("__MACOSX/"))
                    .toList();
            List<? extends ZipEntry> chosen = files.stream()
                    .filter(one -> wanted == null || one.getName().equals(wanted))
                    .toList();
            if (chosen.size() != 1) {
                String names = String.join(
                        ", ",
                        files.stream().limit(MOST_NAMED).map(ZipEntry::getName).toList());
                throw refused(
                        "archive_refused",
                        files.isEmpty()
                                ? "The archive holds no file."
                                : "The archive must hold one file, or entry must name one of: " + names + ".",
                        null);
            }
            ZipEntry one = chosen.get(0);
            Path plain = folder.resolve("unpacked");
            try (InputStream in = zip.getInputStream(one)) {
                copy(in, plain, Math.max(1, one.getCompressedSize()));
            }
            return plain;
        } catch (ZipException | IllegalArgumentException e) {
            throw refused("archive_refused", "The ZIP archive is damaged, or of a kind that cannot be read.", e);
        }
    }

    private void copy(InputStream in, Path target, long packed) throws IOException {
        long most = Math.min(MOST_TIMES * largest, Math.max(HARMLESS, MOST_RATIO * packed));
        try (InputStream counted = new Limited(in, most)) {
            Files.copy(counted, target);
        }
    }

    private static Path plainOnly(Path file) throws IOException {
        byte[] head = head(file);
        if (starts(head, 0xd0, 0xcf, 0x11, 0xe0)) {
            throw refused("unsupported_file", "Excel's old format (XLS) is not read; save the file as CSV.", null);
        }
        boolean archive = starts(head, 0x1f, 0x8b) || starts(head, 'P', 'K', 3, 4);
        if (archive) {
            throw refused("archive_refused", "An archive inside an archive is not unpacked.", null);
        }
        if (starts(head, 'P', 'A', 'R', '1') || starts(head, '%', 'P', 'D', 'F')) {
            throw refused("unsupported_file", "This is not a text of separated values.", null);
        }
        int first = 0;
        while (first < head.length && Character.isWhitespace(head[first])) {
            first++;
        }
        if (first < head.length && (head[first] == '{' || head[first] == '[')) {
            throw refused("unsupported_file", "JSON files cannot be read yet; upload separated values.", null);
        }
        return file;
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(64);
        }
    }

    private static boolean starts(byte[] head, int... magic) {
        byte[] bytes = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            bytes[i] = (byte) magic[i];
        }
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, bytes, 0, magic.length);
    }

    static FailureException refused(String code, String detail, @Nullable Exception cause) {
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
                throw refused("archive_refused", "The archive holds far more than its size lets expect.", null);
            }
            return read;
        }
    }
}
