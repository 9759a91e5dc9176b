package dev.serai.audit;

import org.jspecify.annotations.Nullable;

/** What of a text that a caller chose is kept: so many characters, none that a database or a terminal chokes on. */
final class Words {
    private Words() {}

    static String kept(String text, int longest) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point ->
                        Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE ? '?' : point)
                .forEach(kept::appendCodePoint);
        // Characters beyond the first plane count twice in a column.
        return kept.length() <= longest ? kept.toString() : kept(kept.substring(0, longest), longest);
    }

    static @Nullable String keptOrNull(@Nullable String text, int longest) {
        return text == null ? null : kept(text, longest);
    }
}
