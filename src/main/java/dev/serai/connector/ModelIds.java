package dev.serai.connector;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * How a model is named in a URL: {@code public.orders}. What is not a letter, digit, {@code _} or {@code -} is written as
 * {@code ~} and two hexadecimal digits for each byte of its UTF-8, so no two models have the same id.
 */
final class ModelIds {
    private ModelIds() {}

    static String of(@Nullable String schema, String name) {
        return schema == null || schema.isEmpty() ? escaped(name) : escaped(schema) + "." + escaped(name);
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char sign = (char) octet;
            boolean plain = sign >= 'a' && sign <= 'z'
                    || sign >= 'A' && sign <= 'Z'
                    || sign >= '0' && sign <= '9'
                    || sign == '_'
                    || sign == '-';
            out.append(plain ? String.valueOf(sign) : String.format("~%02X", octet));
        }
        return out.toString();
    }
}
