package dev.serai.connector.sql.mariadb;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * One statement that only reads, as a person wrote it.
 *
 * @param keyword the first word, upper-case
 * @param lead how many characters stand before it
 * @param text the statement without white space before it and without a closing semicolon
 */
record MariaStatement(String keyword, int lead, String text) {
    private static final Set<String> RELATIONS = Set.of("SELECT", "WITH", "VALUES", "TABLE");
    private static final Set<String> OTHERS = Set.of("SHOW", "EXPLAIN", "DESCRIBE", "DESC");

    /** As the server says where it could not go on reading. */
    private static final Pattern NEAR = Pattern.compile("near '(.*)' at line \\d+$", Pattern.DOTALL);

    /** So much of the rest it shows at most; MariaDB puts dots behind that. */
    private static final int SHOWN = 70;

    private static final Pattern DOTS = Pattern.compile("\\.\\.\\.$");

    /**
     * @param pointer of the input that holds the text, for messages
     * @throws FailureException where there is not exactly one statement, or it is not one that reads
     */
    static MariaStatement parse(String sql, String pointer) {
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            throw new FailureException(
                    new Failure.Unreadable("bad_sql", "The statement holds the character 0.", nul + 1));
        }
        String text = sql.stripLeading();
        MariaScan scan = MariaScan.of(text, false);
        MariaScan other = MariaScan.of(text, true);
        if (scan.keyword().isEmpty()) {
            throw refused("not_one_statement", pointer, "There is no statement.");
        }
        if (scan.more() || other.more()) {
            throw refused("not_one_statement", pointer, "Only one statement is run at a time.");
        }
        if (scan.writes()
                || other.writes()
                || (!RELATIONS.contains(scan.keyword()) && !OTHERS.contains(scan.keyword()))) {
            throw notReadOnly(pointer);
        }
        return new MariaStatement(
                scan.keyword(),
                sql.codePointCount(0, sql.length() - text.length()),
                text.substring(0, Math.min(scan.end(), other.end())));
    }

    static FailureException notReadOnly(String pointer) {
        return refused(
                "not_read_only",
                pointer,
                "Only statements that read are run: SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN and DESCRIBE, without INTO,"
                        + " locks and comments that are run.");
    }

    private static FailureException refused(String code, String pointer, String message) {
        return new FailureException(new Failure.Invalid(code, message, List.of(new Fault(pointer, message))));
    }

    /** Whether it answers with rows of the source's and not about it. */
    boolean isRelation() {
        return RELATIONS.contains(keyword);
    }

    /** Where in what the person wrote, in characters from 1, the server stopped reading; null where it does not tell. */
    @Nullable
    Integer position(String message) {
        Matcher near = NEAR.matcher(message);
        if (!near.find()) {
            return null;
        }
        String rest = near.group(1);
        int at = text.endsWith(rest) ? text.length() - rest.length() : -1;
        if (at < 0 && rest.length() > SHOWN) {
            String shown = DOTS.matcher(rest).replaceFirst("");
            at = text.indexOf(shown) == text.lastIndexOf(shown) ? text.indexOf(shown) : -1;
        }
        return at < 0 ? null : lead + text.codePointCount(0, at) + 1;
    }
}
