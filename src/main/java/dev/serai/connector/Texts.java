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

    private static boolean isBad(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }
}
