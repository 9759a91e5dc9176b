package dev.serai.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a query: its words, without what it looks for. Each text, number and comment of it becomes {@code ?},
 * for they may be names, card numbers or passwords.
 */
public final class QueryText {
    private static final int LONGEST = 2000;
    private static final String NAME = "\"(?:[^\"]|\"\")*+(?:(\")|\\z)";
    private static final String DOLLARS = "\\$((?:[A-Za-z_\\x80-\\uFFFF][\\w\\x80-\\uFFFF]*)?)\\$.*?(?:\\$\\2\\$|\\z)";
    /** Only behind an E of its own does a backslash escape a quote. */
    private static final String ESCAPED = "(?<=(?<![\\w$\\x80-\\uFFFF])[eE])'(?:[^'\\\\]|''|\\\\.)*+(?:'|\\z)";

    private static final String PLAIN = "'(?:[^']|'')*+(?:'|\\z)";
    /** Of comments within comments nobody knows where they end. */
    private static final String COMMENT = "--[^\\n]*|/\\*.*?(?:\\*/|/\\*.*|\\z)";

    private static final String FRACTION = "\\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?";
    private static final String NUMBER =
            "(?<![\\w$])(?:0[xXoObB][0-9A-Fa-f_]+|[0-9][0-9_]*(?:\\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)";
    private static final Pattern SQL =
            Pattern.compile(String.join("|", NAME, DOLLARS, ESCAPED, PLAIN, COMMENT, FRACTION, NUMBER), Pattern.DOTALL);
    private static final Pattern MAYBE_ESCAPED = Pattern.compile("\\\\['\"`]");

    private QueryText() {}

    /** Of SQL over datasets, where double quotes are names and stay. */
    public static String ofSql(String sql) {
        return kept(masked(start(sql), true));
    }

    /**
     * Of what a source is asked in its own language, where double quotes may be texts, too. Whether a backslash before a
     * quote escapes it differs between languages, so nothing is kept from there on.
     */
    public static String ofSource(String query) {
        String start = start(query);
        Matcher unclear = MAYBE_ESCAPED.matcher(start);
        if (!unclear.find()) {
            return kept(masked(start, false));
        }
        String before = masked(start.substring(0, unclear.start()), false);
        return kept(before.endsWith("?") ? before : before + "?");
    }

    private static String start(String text) {
        return text.length() <= 4 * LONGEST ? text : text.substring(0, 4 * LONGEST);
    }

    private static String masked(String text, boolean namesInDoubleQuotes) {
        return SQL.matcher(text)
                .replaceAll(found ->
                        namesInDoubleQuotes && found.group(1) != null ? Matcher.quoteReplacement(found.group()) : "?");
    }

    private static String kept(String masked) {
        return Words.kept(masked.replaceAll("\\s+", " ").strip(), LONGEST);
    }
}
