package dev.serai.query;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that an encoder has written and a reader has not taken yet. */
final class Utf8Buffer extends java.io.OutputStream {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[64 * 1024];
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    /** Moves at most {@code length} bytes out. */
    int take(byte[] target, int offset, int length) {
        int count = Math.min(length, size());
        System.arraycopy(bytes, start, target, offset, count);
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
        return count;
    }

    @Override
    public void write(int value) {
        reserve(1);
        bytes[end++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    /** Text that needs no escaping. */
    Utf8Buffer text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        write(encoded, 0, encoded.length);
        return this;
    }

    Utf8Buffer ascii(char value) {
        write(value);
        return this;
    }

    void number(long value) {
        text(Long.toString(value));
    }

    /** A number with leading zeros. */
    void padded(long value, int digits) {
        reserve(digits);
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            bytes[end + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        end += digits;
    }

    void jsonString(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        jsonString(encoded, encoded.length);
    }

    /** A quoted JSON string of UTF-8 text. */
    void jsonString(byte[] utf8, int length) {
        reserve(length + 2);
        bytes[end++] = '"';
        int from = 0;
        for (int i = 0; i < length; i++) {
            byte b = utf8[i];
            if (b < 0x20 && b >= 0 || b == '"' || b == '\\') {
                write(utf8, from, i - from);
                escape(b);
                from = i + 1;
            }
        }
        write(utf8, from, length - from);
        write('"');
    }

    private void escape(byte b) {
        write('\\');
        switch (b) {
            case '"', '\\' -> write(b);
            case '\n' -> write('n');
            case '\r' -> write('r');
            case '\t' -> write('t');
            default -> {
                text("u00");
                write(HEX[b >> 4]);
                write(HEX[b & 15]);
            }
        }
    }

    private void reserve(int count) {
        if (end + count <= bytes.length) {
            return;
        }
        int size = size();
        byte[] target = size + count <= bytes.length && start >= bytes.length / 2
                ? bytes
                : Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, count)));
        System.arraycopy(bytes, start, target, 0, size);
        bytes = target;
        start = 0;
        end = size;
    }

    byte[] array() {
        return bytes;
    }

    int from() {
        return start;
    }

    void clear() {
        start = 0;
        end = 0;
    }
}
