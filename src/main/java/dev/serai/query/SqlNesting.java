package dev.serai.query;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Refuses a text whose nesting could exhaust the parser's native stack, before the parser sees it. */
final class SqlNesting {
    static final int DEEPEST = 400;
    static final int LONGEST = 200_000;

    private SqlNesting() {}

    /** Counts brackets without telling strings apart: too strict for odd texts, never too lax. */
    static void check(String sql) {
        if (sql.length() > LONGEST) {
            throw new FailureException(
                    new Failure.Unreadable("sql_too_long", "The SQL is longer than " + LONGEST + " characters.", null));
        }
        int depth = 0;
        for (int i = 0; i < sql.length(); i++) {
            switch (sql.charAt(i)) {
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth = Math.max(0, depth - 1);
                default -> {}
            }
            if (depth > DEEPEST) {
                throw new FailureException(new Failure.Unreadable(
                        "sql_too_deep", "The SQL is nested deeper than " + DEEPEST + " brackets.", i + 1));
            }
        }
    }
}
