package dev.serai.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What the parts of a URL say: strictly percent-encoded UTF-8, no parameter twice. */
final class UrlText {
    private UrlText() {}

    /** The parameters of a query string. */
    static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        if (raw == null || raw.isEmpty()) {
            return values;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            if (values.put(name, value) != null) {
                throw new FailureException(
                        new Failure.Unreadable("bad_query", "A query parameter is given twice.", null));
            }
        }
        return values;
    }

    /** @param form whether {@code +} is a space */
    static String decoded(String raw, boolean form) {
        byte[] bytes = new byte[raw.length() * 3];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw badEncoding(null);
                }
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else if (c == '+' && form) {
                bytes[length++] = ' ';
            } else {
                for (byte part : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = part;
                }
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badEncoding(e);
        }
    }

    private static FailureException badEncoding(@Nullable Exception cause) {
        return new FailureException(
                new Failure.Unreadable("bad_url", "The URL is not percent-encoded UTF-8.", null), cause);
    }
}
