package dev.serai.connector.sql.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.postgresql.core.Parser;

/**
 * What does a text of SQL consist of, on its outermost level? The driver's own lexer says where quotes and comments end.
 *
 * <p>It decides nothing that the server does not check again: what it lets through is still parsed by the server as one
 * statement of the extended protocol, in a transaction that cannot write.
 */
final class PostgresScan {
    private static final int MAX_PARAMETER = 65_535;

    private final char[] text;
    private final StringBuilder jdbc = new StringBuilder();
    private final List<Integer> parameters = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private String keyword = "";
    private int end;
    private boolean ended;
    private boolean more;
    private boolean balanced = true;
    private boolean nested;

    private PostgresScan(String sql) {
        text = sql.toCharArray();
        end = text.length;
    }

    static PostgresScan of(String sql) {
        PostgresScan scan = new PostgresScan(sql);
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

    /** Whether there is a query in it, going by words that begin one and cannot be a column's name. */
    boolean nested() {
        return nested;
    }

    /** The first statement with {@code ?} for each {@code $1} and {@code ??} for the operator {@code ?}. */
    String jdbc() {
        return jdbc.toString();
    }

    List<Integer> parameters() {
        return List.copyOf(parameters);
    }

    List<Integer> starts() {
        return List.copyOf(starts);
    }

    private void run() {
        int depth = 0;
        int at = 0;
        while (at < text.length) {
            char c = text[at];
            int past = quoted(at);
            boolean nothing = Parser.isSpace(c) || (past > at && (c == '-' || c == '/'));
            if (c == ';' && !ended) {
                ended = true;
                end = at;
            } else if (ended && !nothing && c != ';') {
                more = true;
            }
            if (past > at) {
                at = emit(at, past);
            } else if (c == '$' && at + 1 < text.length && isDigit(text[at + 1])) {
                at = parameter(at);
            } else if (Parser.isIdentifierStartChar(c)) {
                at = word(at);
            } else {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                balanced &= depth >= 0;
                emit(c == '?' ? "??" : String.valueOf(c));
                at++;
            }
        }
        balanced &= depth == 0;
    }

    /** Past the quoted text or comment that begins here; where none begins, here. */
    private int quoted(int at) {
        int last =
                switch (text[at]) {
                    case '\'' -> Parser.parseSingleQuotes(text, at, true);
                    case '"' -> Parser.parseDoubleQuotes(text, at);
                    case '-' -> Parser.parseLineComment(text, at);
                    case '/' -> Parser.parseBlockComment(text, at);
                    case '$' -> Parser.parseDollarQuotes(text, at);
                    default -> at;
                };
        return last == at ? at : Math.min(last + 1, text.length);
    }

    private int word(int from) {
        int past = from;
        while (past < text.length && Parser.isIdentifierContChar(text[past])) {
            past++;
        }
        String word = new String(text, from, past - from).toUpperCase(Locale.ROOT);
        if (keyword.isEmpty() && !ended) {
            keyword = word;
        }
        nested |= word.equals("SELECT") || word.equals("TABLE") || (word.equals("VALUES") && opens(past));
        return emit(from, past);
    }

    /** Whether a parenthesis comes next, behind nothing but white space and comments. */
    private boolean opens(int from) {
        int at = from;
        while (at < text.length) {
            int past = text[at] == '-' || text[at] == '/' ? quoted(at) : at;
            if (past == at && !Parser.isSpace(text[at])) {
                return text[at] == '(';
            }
            at = Math.max(past, at + 1);
        }
        return false;
    }

    private int parameter(int from) {
        int past = from + 1;
        int number = 0;
        while (past < text.length && isDigit(text[past])) {
            number = Math.min(number * 10 + text[past] - '0', MAX_PARAMETER);
            past++;
        }
        if (!ended) {
            starts.add(from);
            parameters.add(number);
        }
        emit("?");
        return past;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private int emit(int from, int past) {
        emit(new String(text, from, past - from));
        return past;
    }

    private void emit(String piece) {
        if (!ended) {
            jdbc.append(piece);
        }
    }
}
