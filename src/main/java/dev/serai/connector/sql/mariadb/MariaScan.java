package dev.serai.connector.sql.mariadb;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What does a text of MariaDB's or MySQL's SQL consist of, outside quotes and comments?
 *
 * <p>What it lets through the server still takes as one statement only, in a transaction that cannot write.
 */
final class MariaScan {
    private final String text;
    private final boolean quotedNames;
    private String keyword = "";
    private String word = "";
    private int end;
    private boolean more;
    private boolean balanced = true;
    private boolean writes;
    private boolean nested;
    private boolean callsQualified;
    private final List<String> called = new ArrayList<>();
    private char before = ' ';

    private MariaScan(String text, boolean quotedNames) {
        this.text = text;
        this.quotedNames = quotedNames;
        this.end = text.length();
    }

    /** @param quotedNames whether double quotes hold a name, in which a backslash means nothing, and not a text */
    static MariaScan of(String sql, boolean quotedNames) {
        MariaScan scan = new MariaScan(sql, quotedNames);
        scan.run();
        return scan;
    }

    /** The first word, upper-case; empty where there is none. */
    String keyword() {
        return keyword;
    }

    /** Where the first statement ends. */
    int end() {
        return end;
    }

    /** Whether anything but comments follows the first statement. */
    boolean more() {
        return more;
    }

    /** Whether each parenthesis has its partner. */
    boolean balanced() {
        return balanced;
    }

    /** Whether it is more than reading: INTO writes a file or variable, FOR UPDATE and its kin lock, a comment may run. */
    boolean writes() {
        return writes;
    }

    /** Whether a subquery may be in it: SELECT, TABLE and VALUES begin one. */
    boolean nested() {
        return nested;
    }

    /** The words before an opening parenthesis, upper-case: functions, and more. */
    List<String> called() {
        return called;
    }

    /** Whether a function is called by a quoted name or by that of its schema too. */
    boolean callsQualified() {
        return callsQualified;
    }

    private void run() {
        int depth = 0;
        boolean ended = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int comment = comment(at);
            if (comment > at) {
                at = comment;
                continue;
            }
            if (c == ';' && !ended) {
                ended = true;
                end = at;
            } else if (ended && c != ';' && !Character.isWhitespace(c)) {
                more = true;
            }
            int from = at;
            if (c == '\'' || c == '"' || c == '`') {
                at = quoted(at);
                callsQualified |= opens(at);
            } else if (isWord(c)) {
                at = word(at);
                if (opens(at)) {
                    called.add(word);
                    callsQualified |= before == '.';
                }
            } else {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                balanced &= depth >= 0;
                at++;
            }
            before = Character.isWhitespace(c) ? before : text.charAt(Math.max(from, at - 1));
        }
        balanced &= depth == 0;
    }

    /** Whether a parenthesis comes next, behind nothing but white space and comments. */
    private boolean opens(int from) {
        int at = from;
        while (at < text.length()) {
            int past = comment(at);
            if (past == at && !Character.isWhitespace(text.charAt(at))) {
                return text.charAt(at) == '(';
            }
            at = Math.max(past, at + 1);
        }
        return false;
    }

    private int comment(int at) {
        boolean line = text.charAt(at) == '#'
                || text.startsWith("--", at) && (at + 2 == text.length() || text.charAt(at + 2) <= ' ');
        if (line) {
            int newline = text.indexOf('\n', at);
            return newline < 0 ? text.length() : newline + 1;
        }
        if (!text.startsWith("/*", at)) {
            return at;
        }
        writes |= text.startsWith("!", at + 2) || text.startsWith("M!", at + 2);
        int close = text.indexOf("*/", at + 2);
        balanced &= close >= 0;
        return close < 0 ? text.length() : close + 2;
    }

    private int quoted(int from) {
        char quote = text.charAt(from);
        boolean escapes = quote == '\'' || (quote == '"' && !quotedNames);
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            at += escapes && text.charAt(at) == '\\' ? 2 : 1;
        }
        balanced &= at < text.length();
        return Math.min(at + 1, text.length());
    }

    private int word(int from) {
        int past = from;
        while (past < text.length() && isWord(text.charAt(past))) {
            past++;
        }
        String before = word;
        word = text.substring(from, past).toUpperCase(Locale.ROOT);
        if (keyword.isEmpty()) {
            keyword = word;
        }
        nested |= word.equals("SELECT") || word.equals("TABLE") || word.equals("VALUES");
        boolean name = from > 0 && (text.charAt(from - 1) == '.' || text.charAt(from - 1) == '@');
        writes |= !name && word.equals("INTO");
        writes |= before.equals("FOR") && (word.equals("UPDATE") || word.equals("SHARE"));
        writes |= before.equals("SHARE") && word.equals("MODE");
        return past;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= '\u0080';
    }
}
