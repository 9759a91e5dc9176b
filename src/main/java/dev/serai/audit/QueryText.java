package dev.serai.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a query: its words, without what it looks for. Each text, number and comment of it becomes {@code ?},
 * for they may be names, card numbers or passwords.
 */
public final class QueryText {
    private static final int LONGEST = 2000;
    private static final String TEXTS = "\\$([A-Za-z_]*)\\$.*?(\\$\\1\\$|\\z)|'(?:[^'\\\\]|''|\\\\.)*+(?:'|\\z)";
    private static final String REST =
            "|--[^\\n]*|/\\*.*?(?:\\*/|\\z)|(?<![\\w$.\"])(?:0[xX][0-9A-Fa-f_]+|[0-9][0-9_]*(?:\\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)";
    private static final Pattern SQL = Pattern.compile("\"(?:[^\"]|\"\")*+\"|" + TEXTS + REST, Pattern.DOTALL);

    private QueryText() {}

    /** Of SQL over datasets, where double quotes are names and stay. */
    public static String ofSql(String sql) {
        return masked(sql, true);
    }

    /** Of what a source is asked in its own language, where double quotes may be texts, too. */
    public static String ofSource(String query) {
        return masked(query, false);
    }

    private static String masked(String text, boolean namesInDoubleQuotes) {
        String head = text.length() <= 4 * LONGEST ? text : text.substring(0, 4 * LONGEST);
        String masked = SQL.matcher(head)
                .replaceAll(found -> namesInDoubleQuotes && found.group().startsWith("\"")
                        ? Matcher.quoteReplacement(found.group())
                        : "?")
                .replaceAll("\\s+", " ")
                .strip();
        return Words.kept(masked, LONGEST);
    }
}
