package dev.serai.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** What kind of file is it? Told by the first bytes and never by the name. */
enum FileKind {
    GZIP,
    ZIP,
    WORKBOOK,
    TEXT;

    private static final int HEAD = 64;

    /** @throws dev.serai.failure.FailureException {@code unsupported_file} where it is of no kind that can be read */
    static FileKind of(Path file) throws IOException {
        byte[] head = head(file, HEAD);
        if (starts(head, 0x1f, 0x8b)) {
            return GZIP;
        }
        if (starts(head, 'P', 'K', 3, 4) || starts(head, 'P', 'K', 5, 6)) {
            return office(file) ? WORKBOOK : ZIP;
        }
        if (starts(head, 0xd0, 0xcf, 0x11, 0xe0)) {
            throw unsupported(
                    encrypted(file)
                            ? "The workbook is protected by a password; save it without one."
                            : "Excel's old format (XLS) is not read; save the file as XLSX or CSV.");
        }
        if (starts(head, 'P', 'A', 'R', '1') || starts(head, '%', 'P', 'D', 'F')) {
            throw unsupported("Parquet and PDF are not read; upload separated values, JSON or XLSX.");
        }
        return TEXT;
    }

    /** Whether a text in UTF-8 is of JSON objects, one after the other or in an array. */
    static boolean isJson(Path text) throws IOException {
        String start = new String(head(text, 1 << 12), StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder(2);
        for (int i = 0; i < start.length() && said.length() < 2; i++) {
            char one = start.charAt(i);
            if (!Character.isWhitespace(one) && one != '\uFEFF') {
                said.append(one);
            }
        }
        return switch (said.toString()) {
            case "{\"", "{}", "[{", "[]" -> true;
            default -> false;
        };
    }

    private static boolean office(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry("mimetype") != null && zip.getEntry("content.xml") != null) {
                throw unsupported("OpenDocument is not read; save the file as XLSX or CSV.");
            }
            if (zip.getEntry("[Content_Types].xml") == null) {
                return false;
            }
            if (zip.getEntry("xl/workbook.bin") != null) {
                throw unsupported("Excel's binary format (XLSB) is not read; save the file as XLSX or CSV.");
            }
            if (zip.stream().noneMatch(entry -> entry.getName().startsWith("xl/"))) {
                throw unsupported("Of Office's files only workbooks (XLSX) are read.");
            }
            return true;
        } catch (ZipException | IllegalArgumentException e) {
            throw Unpacking.damaged(e);
        }
    }

    private static boolean encrypted(Path file) {
        try (POIFSFileSystem parts = new POIFSFileSystem(file.toFile(), true)) {
            return parts.getRoot().hasEntryCaseInsensitive("EncryptedPackage");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static RuntimeException unsupported(String detail) {
        return Unpacking.refused("unsupported_file", detail, null);
    }

    private static byte[] head(Path file, int length) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(length);
        }
    }

    private static boolean starts(byte[] head, int... magic) {
        byte[] bytes = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            bytes[i] = (byte) magic[i];
        }
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, bytes, 0, magic.length);
    }
}
