package dev.serai.connector.sql.postgres;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/**
 * One statement that only reads, as a person wrote it, and as JDBC takes it.
 *
 * @param keyword the first word, upper-case
 * @param lead how many characters stand before it
 * @param text the statement without white space before it and without a closing semicolon
 * @param jdbc the same with {@code ?} for {@code $1} and {@code ??} for the operator {@code ?}
 * @param parameters which parameter each {@code ?} stands for, from 1
 * @param starts where in {@code text} each of them stands
 */
record PostgresStatement(
        String keyword, int lead, String text, String jdbc, List<Integer> parameters, List<Integer> starts) {
    private static final Set<String> RELATIONS = Set.of("SELECT", "WITH", "VALUES", "TABLE");
    private static final Set<String> OTHERS = Set.of("SHOW", "EXPLAIN");

    /**
     * @param pointer of the input that holds the text, for messages
     * @throws FailureException where there is not exactly one statement, or it is not one that reads
     */
    static PostgresStatement parse(String sql, String pointer) {
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            // The server ends the connection over it.
            throw new FailureException(
                    new Failure.Unreadable("bad_sql", "The statement holds the character 0.", nul + 1));
        }
        // The driver leaves it out, and then places are counted without it.
        String text = sql.stripLeading();
        PostgresScan scan = PostgresScan.of(text);
        if (scan.keyword().isEmpty()) {
            throw refused("not_one_statement", pointer, "There is no statement.");
        }
        if (scan.more()) {
            throw refused("not_one_statement", pointer, "Only one statement is run at a time.");
        }
        if (!RELATIONS.contains(scan.keyword()) && !OTHERS.contains(scan.keyword())) {
            throw notReadOnly(pointer);
        }
        return new PostgresStatement(
                scan.keyword(),
                sql.length() - text.length(),
                text.substring(0, scan.end()),
                scan.jdbc(),
                scan.parameters(),
                scan.starts());
    }

    static FailureException notReadOnly(String pointer) {
        return refused(
                "not_read_only",
                pointer,
                "Only statements that read are run: SELECT, WITH, VALUES, TABLE, SHOW and EXPLAIN.");
    }

    private static FailureException refused(String code, String pointer, String message) {
        return new FailureException(new Failure.Invalid(code, message, List.of(new Fault(pointer, message))));
    }

    /** Whether it can stand in parentheses behind FROM. */
    boolean isRelation() {
        return RELATIONS.contains(keyword);
    }

    /** How many values must be given. */
    int parameterCount() {
        return parameters.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /**
     * Where in what the person wrote, counted in characters from 1, a place lies that the server names.
     *
     * @param place counted in characters from 1 in what the driver sends for {@link #jdbc}
     */
    @Nullable
    Integer position(int place) {
        if (place < 1) {
            return null;
        }
        int shift = 0;
        for (int i = 0; i < starts.size(); i++) {
            int start = text.codePointCount(0, starts.get(i)) + 1;
            if (start + shift >= place) {
                break;
            }
            shift += digits(i + 1) - digits(parameters.get(i));
        }
        return lead + Math.min(place - shift, text.codePointCount(0, text.length()) + 1);
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }
}
