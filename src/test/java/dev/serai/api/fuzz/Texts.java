package dev.serai.api.fuzz;

import java.util.List;

import org.instancio.Random;

/** Texts that have broken other programs: what is not quite text, not quite a number, or means something to somebody. */
final class Texts {
    private static final List<String> ODD = List.of(
            "",
            " ",
            "\t",
            "\u0000",
            "a\u0000b",
            "a\u0007\u001b[31m",
            "a\n",
            "a\r\nX-Injected: 1",
            "\ud800",
            "\udc00\ud800",
            "\u202Egnp.exe",
            "\uFEFF",
            "\u2028",
            "\uFFFF",
            "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\uD83C\uDFFD",
            "Z\u0337\u0356a\u0334\u0301",
            "e\u0301",
            "\u0130\u0131\u1E9E\u017F",
            "\u0663",
            "\uFDFA",
            "null",
            "true",
            "NaN",
            "-0",
            "-1",
            "1e400",
            "0x10",
            "99999999999999999999999999",
            "2026-02-30T25:61:61Z",
            "infinity",
            "..",
            "../../../../../../etc/passwd",
            "%00",
            "%2e%2e%2f",
            "${jndi:ldap://127.0.0.1:1/a}",
            "${header.operation}",
            "{{env:HOME}}",
            "{{sys:user.home}}",
            "#{1+1}",
            "#bean:contract",
            "#class:nothing",
            "' OR 1=1 --",
            "'; DROP TABLE x; --",
            "\"); x(\"",
            "\\",
            "\\u0000",
            "`",
            "%s%n%d",
            "<script>alert(1)</script>",
            "a,b;c|d",
            "__proto__",
            "@type",
            "********");

    private Texts() {}

    static String odd(Random random) {
        return switch (random.intRange(0, 9)) {
            case 0 -> "a".repeat(random.oneOf(63, 64, 128, 129, 200, 201, 255, 256, 1000, 1001, 4001, 10_001, 70_000));
            case 1 -> unicode(random);
            case 2 -> random.alphanumeric(random.intRange(1, 20));
            default -> random.oneOf(ODD);
        };
    }

    static String unicode(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.intRange(1, 12);
        for (int i = 0; i < length; i++) {
            int code = random.intRange(1, random.oneOf(0x7F, 0xFF, 0xFFFF, 0x10FFFF));
            text.appendCodePoint(code);
        }
        return text.toString();
    }

    /** As a part of a URL; what must not stand there as it is may still do so now and then. */
    static String inUrl(Random random, String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte part : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (part & 0xFF);
            boolean plain = c < 0x7F && (Character.isLetterOrDigit(c) || "-_.~@{}".indexOf(c) >= 0);
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append(String.format(random.trueOrFalse() ? "%%%02X" : "%%%02x", (int) c));
            }
        }
        return encoded.toString();
    }
}
