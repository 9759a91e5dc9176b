package dev.serai.connector;

/** Which texts the metadata database can keep and people can read. */
final class Texts {
    private Texts() {}

    /** No control characters, no line ends of any kind, no halves of surrogate pairs. */
    static boolean isOneLine(String text) {
        return text.codePoints().noneMatch(Texts::isBad);
    }

    /** The same, but for line ends and tabs. */
    static boolean isReadable(String text) {
        return text.codePoints().noneMatch(point -> isBad(point) && point != '\n' && point != '\r' && point != '\t');
    }

    /** Without what no database takes as text: NUL and halves of surrogate pairs. */
    static boolean isStorable(String text) {
        return text.codePoints().noneMatch(Texts::isUnstorable);
    }

    /** The text, without what cannot be stored. */
    static String storable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(point -> !isUnstorable(point)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isUnstorable(int point) {
        return point == 0 || Character.getType(point) == Character.SURROGATE;
    }

    private static boolean isBad(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }
}
