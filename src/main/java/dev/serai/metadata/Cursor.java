package dev.serai.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** How a page's end is told to the caller: the last sort key, in a form that invites nobody to read it. */
public final class Cursor {
    private Cursor() {}

    public static String of(String lastKey) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(lastKey.getBytes(StandardCharsets.UTF_8));
    }

    /** The sort key to go on after, or the empty string (before every key) where there is no cursor. */
    public static String after(@Nullable String cursor) {
        if (cursor == null) {
            return "";
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String key = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (key.isEmpty() || key.chars().anyMatch(Character::isISOControl)) {
                throw unreadable(null);
            }
            return key;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw unreadable(e);
        }
    }

    private static FailureException unreadable(@Nullable Exception cause) {
        return new FailureException(
                new Failure.Unreadable("bad_cursor", "The cursor is not one that a page has given.", null), cause);
    }
}
