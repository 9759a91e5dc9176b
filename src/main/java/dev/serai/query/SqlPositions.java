package dev.serai.query;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Turns DuckDB's byte offsets into 1-based character positions of the user's text. */
final class SqlPositions {
    /** For SQL that is not the user's. */
    static final SqlPositions NONE = new SqlPositions("", 0);

    private final byte[] utf8;
    private final int prefix;

    /** @param prefix the number of bytes that we put before the user's text */
    SqlPositions(String sql, int prefix) {
        this.utf8 = sql.getBytes(StandardCharsets.UTF_8);
        // DuckDB makes one blank of a byte order mark.
        this.prefix = sql.startsWith("\ufeff") ? prefix - 2 : prefix;
    }

    /** Null where DuckDB does not know or the place is not in the user's text. */
    @Nullable
    Integer of(JsonNode offset) {
        String digits = offset.asText();
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)) {
            return null;
        }
        int at = Integer.parseInt(digits) - prefix;
        if (at < 0 || at > utf8.length) {
            return null;
        }
        String before = new String(utf8, 0, at, StandardCharsets.UTF_8);
        return before.codePointCount(0, before.length()) + 1;
    }

    int ofText(char wanted) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.codePointCount(0, Math.max(0, text.indexOf(wanted))) + 1;
    }
}
