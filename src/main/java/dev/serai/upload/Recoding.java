package dev.serai.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * In which encoding is a text, and how does it become UTF-8? A byte order mark says it; without one, all of the text is
 * UTF-8 or it is not, many zero bytes are UTF-16, and the bytes 80 to 9F tell Windows-1252 from Latin-1.
 */
final class Recoding {
    private static final Map<String, Charset> KNOWN = Map.of(
            "utf-8", StandardCharsets.UTF_8,
            "utf-16", StandardCharsets.UTF_16,
            "utf-16le", StandardCharsets.UTF_16LE,
            "utf-16be", StandardCharsets.UTF_16BE,
            "latin-1", StandardCharsets.ISO_8859_1,
            "windows-1252", Charset.forName("windows-1252"));
    private static final int PIECE = 1 << 18;

    private Recoding() {}

    /** @param target a file that is written where the text is not UTF-8 already */
    static UploadedText.Plain utf8(Path file, Path target, @Nullable String given) throws IOException {
        String encoding = given == null ? found(file) : given;
        Charset charset = Optional.ofNullable(KNOWN.get(encoding)).orElseThrow();
        if (encoding.equals("utf-8") && (given == null || isUtf8(file))) {
            return new UploadedText.Plain(file, encoding);
        }
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try (Reader in = new InputStreamReader(Files.newInputStream(file), decoder);
                OutputStream bytes = Files.newOutputStream(target);
                Writer out = new java.io.OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            char[] piece = new char[PIECE];
            boolean first = true;
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                int from = first && read > 0 && piece[0] == '\uFEFF' ? 1 : 0;
                out.write(piece, from, read - from);
                first = false;
            }
        } catch (CharacterCodingException e) {
            throw Unpacking.refused("bad_encoding", "The file is not " + encoding + ".", e);
        }
        return new UploadedText.Plain(target, encoding);
    }

    private static String found(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(4096);
        }
        if (head.length >= 2 && (head[0] & 0xff) == 0xff && (head[1] & 0xff) == 0xfe) {
            return "utf-16";
        }
        if (head.length >= 2 && (head[0] & 0xff) == 0xfe && (head[1] & 0xff) == 0xff) {
            return "utf-16";
        }
        int[] zeros = new int[2];
        for (int i = 0; i < head.length; i++) {
            zeros[i % 2] += head[i] == 0 ? 1 : 0;
        }
        if (head.length >= 4 && zeros[1] > head.length / 4) {
            return "utf-16le";
        }
        if (head.length >= 4 && zeros[0] > head.length / 4) {
            return "utf-16be";
        }
        if (isUtf8(file)) {
            return "utf-8";
        }
        return hasControls(file) ? "windows-1252" : "latin-1";
    }

    private static boolean isUtf8(Path file) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        CharBuffer chars = CharBuffer.allocate(PIECE);
        try (FileChannel in = FileChannel.open(file)) {
            boolean end = false;
            while (!end) {
                end = in.read(bytes) < 0;
                bytes.flip();
                boolean bad = decoder.decode(bytes, chars, end).isError();
                if (bad) {
                    return false;
                }
                chars.clear();
                bytes.compact();
            }
        }
        return !decoder.flush(chars).isError();
    }

    /** Windows-1252 has letters where Latin-1 has control characters that nobody writes, but five of them are unused. */
    private static boolean hasControls(Path file) throws IOException {
        boolean found = false;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                for (int i = 0; i < read; i++) {
                    int one = piece[i] & 0xff;
                    if (one == 0x81 || one == 0x8d || one == 0x8f || one == 0x90 || one == 0x9d) {
                        return false;
                    }
                    found |= one >= 0x80 && one <= 0x9f;
                }
            }
        }
        return found;
    }
}
