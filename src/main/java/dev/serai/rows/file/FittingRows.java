package dev.serai.rows.file;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.SqlText;

/** Which of numbered rows of text have only values of their columns' types, and which do not? SQL for both. */
final class FittingRows {
    /** The column that has the number of a row's first line. */
    static final String LINE = "serai line";

    private final String rows;
    private final String again;
    private final List<String> names;
    private final List<Column> given;
    private final List<Column> wanted;
    private final ValueForm form;

    /**
     * @param rows of {@link #LINE} and the columns {@code names}
     * @param again the same, for a second look
     * @param given what is known of the values: those of a column that is given the type it is wanted with fit
     * @param form how values are written
     */
    FittingRows(
            String rows, String again, List<String> names, List<Column> given, List<Column> wanted, ValueForm form) {
        this.rows = rows;
        this.again = again;
        this.names = names;
        this.given = given;
        this.wanted = wanted;
        this.form = form;
    }

    boolean all() {
        return IntStream.range(0, names.size()).noneMatch(this::checked);
    }

    /** The rows that fit, each value of its type. */
    String good() {
        String values = each(
                i -> form.value(text(i), wanted.get(i).type()) + " AS "
                        + SqlText.identifier(wanted.get(i).name()),
                ", ");
        return "(SELECT " + values + " FROM " + rows + (all() ? ")" : " WHERE NOT (" + misfit() + "))");
    }

    /** The rows that do not: {@code line}, {@code column}, {@code reason}, {@code raw}. */
    String bad() {
        String column = each(i -> checked(i) ? "WHEN " + wrong(i) + " THEN " + name(i) : "", " ");
        String reason = each(
                i -> checked(i)
                        ? "WHEN " + wrong(i) + " THEN "
                                + SqlText.literal(
                                        "not a " + wanted.get(i).type().duckdb())
                        : "",
                " ");
        return "(SELECT CAST(" + SqlText.identifier(LINE) + " AS BIGINT) AS line, CASE " + column
                + " END AS \"column\","
                + " CASE " + reason + " END AS reason, array_to_string([" + each(this::quoted, ", ")
                + "], ',') AS raw FROM " + again + " WHERE " + misfit() + ")";
    }

    private String misfit() {
        return IntStream.range(0, names.size())
                .filter(this::checked)
                .mapToObj(this::wrong)
                .collect(Collectors.joining(" OR "));
    }

    private boolean checked(int i) {
        LogicalType type = wanted.get(i).type();
        return type.kind() != LogicalType.Kind.VARCHAR
                && !type.equals(given.get(i).type());
    }

    private String wrong(int i) {
        return "(" + text(i) + " IS NOT NULL AND NOT "
                + form.same(text(i), wanted.get(i).type()) + ")";
    }

    private String text(int i) {
        return SqlText.identifier(names.get(i));
    }

    private String name(int i) {
        return SqlText.literal(wanted.get(i).name());
    }

    /** A value as it may stand between commas. */
    private String quoted(int i) {
        return "CASE WHEN " + text(i) + " IS NULL THEN '' WHEN " + text(i) + " = '' OR regexp_matches(" + text(i)
                + ", '[\",\\r\\n]') THEN concat('\"', replace(" + text(i) + ", '\"', '\"\"'), '\"') ELSE " + text(i)
                + " END";
    }

    private String each(IntFunction<String> part, String between) {
        return IntStream.range(0, names.size()).mapToObj(part).collect(Collectors.joining(between));
    }
}
