package dev.serai.secrets;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds planted secrets in any bytes: every piece of six letters or digits of them, as it is, in UTF-16, backwards, in
 * hexadecimal or Base64 (wherever in the encoded text it begins). Percent encoding, JSON's and Java's escapes leave
 * letters and digits as they are.
 */
final class Needles {
    private static final int SHORTEST = 6;
    /** Pieces that are random enough to be found nowhere by chance; the rest of a secret is what breaks things. */
    private static final Pattern PIECE = Pattern.compile("[A-Za-z0-9]{8,}");

    private record Needle(String secret, String form, byte[] bytes) {}

    private final Map<Long, List<Needle>> byBeginning = new HashMap<>();

    /** @param secrets by the names that findings are told with */
    Needles(Map<String, String> secrets) {
        secrets.forEach((name, secret) -> {
            Matcher pieces = PIECE.matcher(secret);
            int found = 0;
            while (pieces.find()) {
                for (int i = 0; i + SHORTEST <= pieces.group().length(); i++) {
                    plant(name, pieces.group().substring(i, i + SHORTEST));
                }
                plantBase64(name, pieces.group());
                found++;
            }
            if (found == 0) {
                throw new IllegalArgumentException(name + " has nothing that could be found");
            }
        });
    }

    private void plant(String name, String piece) {
        add(name, "as it is", piece, StandardCharsets.ISO_8859_1);
        add(name, "backwards", new StringBuilder(piece).reverse().toString(), StandardCharsets.ISO_8859_1);
        add(name, "in UTF-16", piece, StandardCharsets.UTF_16LE);
        String hex = HexFormat.of().formatHex(piece.getBytes(StandardCharsets.ISO_8859_1));
        add(name, "in hexadecimal", hex, StandardCharsets.ISO_8859_1);
        add(name, "in hexadecimal", hex.toUpperCase(Locale.ROOT), StandardCharsets.ISO_8859_1);
    }

    /** The middle of the encoded piece, which does not depend on what is around it. */
    private void plantBase64(String name, String piece) {
        for (int before = 0; before < 3; before++) {
            byte[] padded = ("\0".repeat(before) + piece).getBytes(StandardCharsets.ISO_8859_1);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
            int first = (before * 8 + 5) / 6;
            int last = padded.length * 8 / 6;
            add(name, "in Base64", encoded.substring(first, last), StandardCharsets.ISO_8859_1);
        }
    }

    private void add(String name, String form, String text, Charset charset) {
        byte[] bytes = text.getBytes(charset);
        byBeginning
                .computeIfAbsent(key(bytes, 0), key -> new java.util.ArrayList<>())
                .add(new Needle(name, form, bytes));
    }

    /** What is found, each with what stands around it. */
    Set<String> in(byte[] hay) {
        Set<String> found = new TreeSet<>();
        for (int i = 0; i + SHORTEST <= hay.length && found.size() < 50; i++) {
            for (Needle needle : byBeginning.getOrDefault(key(hay, i), List.of())) {
                int end = i + needle.bytes().length;
                if (end <= hay.length && Arrays.equals(hay, i, end, needle.bytes(), 0, needle.bytes().length)) {
                    found.add(needle.secret() + " " + needle.form() + ": …" + around(hay, i) + "…");
                    i = end;
                    break;
                }
            }
        }
        return found;
    }

    private static String around(byte[] hay, int at) {
        int from = Math.max(0, at - 400);
        int to = Math.min(hay.length, at + 100);
        String text = new String(hay, from, to - from, StandardCharsets.ISO_8859_1);
        int line = text.lastIndexOf('\n', at - from);
        return text.substring(Math.max(0, line)).strip();
    }

    private static long key(byte[] bytes, int at) {
        long key = 0;
        for (int i = 0; i < SHORTEST; i++) {
            key = key << 8 | bytes[at + i] & 0xff;
        }
        return key;
    }
}
