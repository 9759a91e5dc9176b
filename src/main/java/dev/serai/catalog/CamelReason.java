package dev.serai.catalog;

/** Why did Camel not take a file? In the words of the innermost cause, for the file's author. */
public final class CamelReason {
    private static final String UNTOLD = "it cannot be built";

    private CamelReason() {}

    public static String of(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? UNTOLD : root.getMessage();
        return message.lines().findFirst().orElse(UNTOLD).strip();
    }
}
