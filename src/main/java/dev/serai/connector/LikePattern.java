package dev.serai.connector;

/** A pattern for {@code like … escape '!'} that takes what people type literally. */
final class LikePattern {
    private LikePattern() {}

    static String containing(String text) {
        return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }
}
