package dev.serai.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which address a host is, where it is written as one. Programs differ in what they read as an address (decimal, octal,
 * hexadecimal, fewer than four parts, digits of other scripts), so every reading counts.
 */
final class AddressLiteral {
    private AddressLiteral() {}

    /** Every address that some program reads in the text; empty for a name. Asks no name server. */
    static List<InetAddress> readings(String host) {
        String text = plain(host)
                .strip()
                .replaceFirst("^\\[(.*)]$", "$1")
                .replaceFirst("%.*$", "")
                .replaceFirst("\\.+$", "");
        if (text.contains(":")) {
            return ipv6(text).stream().toList();
        }
        List<InetAddress> found = new ArrayList<>();
        ipv4(text, true).ifPresent(found::add);
        ipv4(text, false).ifPresent(found::add);
        return found;
    }

    /** In ASCII, as far as it is digits and dots of other scripts; without characters that nobody sees. */
    private static String plain(String host) {
        StringBuilder plain = new StringBuilder(host.length());
        Normalizer.normalize(host, Normalizer.Form.NFKC).codePoints().forEach(point -> {
            int digit = Character.digit(point, 10);
            if (digit >= 0) {
                plain.append(digit);
            } else if (point == '\u3002') {
                plain.append('.');
            } else if (Character.getType(point) != Character.FORMAT && !isVariation(point)) {
                plain.appendCodePoint(point);
            }
        });
        return plain.toString();
    }

    private static boolean isVariation(int point) {
        return point >= 0xfe00 && point <= 0xfe0f;
    }

    private static Optional<InetAddress> ipv6(String text) {
        if (!text.matches("[0-9A-Fa-f:.]+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName("[" + text + "]"));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** @param octal whether a leading zero means octal, as in C, or nothing, as in Java */
    private static Optional<InetAddress> ipv4(String text, boolean octal) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            int bits = i < parts.length - 1 ? 8 : 8 * (5 - parts.length);
            long value = number(parts[i], octal);
            if (value < 0 || value >= 1L << bits) {
                return Optional.empty();
            }
            address = (address << bits) | value;
        }
        byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }

    /** -1 where it is no number of at most 32 bits. */
    private static long number(String part, boolean octal) {
        try {
            if (part.matches("0[xX][0-9A-Fa-f]*")) {
                return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
            }
            if (!part.matches("[0-9]+")) {
                return -1;
            }
            return Long.parseLong(part, octal && part.startsWith("0") ? 8 : 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
