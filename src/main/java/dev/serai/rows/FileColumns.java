package dev.serai.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.rows.LogicalType.Kind;

/**
 * The types of a file's columns. A column is more than text only where every value says the same as text: {@code 007}
 * is no number, {@code 03/04/2025} no date. They are told from the first rows and held against each later one.
 */
final class FileColumns {
    private static final List<Kind> KINDS = List.of(Kind.BIGINT, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP, Kind.DOUBLE);
    private static final int SAMPLE = 20_480;
    /** So many columns are tested by one statement; more of them at once take DuckDB longer than their share. */
    private static final int AT_ONCE = 250;
    /** Of more columns all are text: to test each value of each takes minutes. */
    private static final int MOST_TYPED = 2000;
    /** Up to 15 digits, which a DOUBLE keeps. */
    private static final String DECIMAL = "'-?(0|[1-9][0-9]*)(\\.[0-9]+)?'";

    static final String MARK = "serai:types";

    private final Connection duckdb;
    private final String rows;
    private final List<String> names;
    private final boolean exact;

    /** @param rows the call of the reader that gives all columns as text */
    FileColumns(Connection duckdb, String rows, List<String> names, boolean exact) {
        this.duckdb = duckdb;
        this.rows = rows;
        this.names = names;
        this.exact = exact;
    }

    TextColumns find(List<Column> table) throws SQLException {
        Map<String, LogicalType> wanted = new HashMap<>();
        table.forEach(column -> wanted.put(column.name().toLowerCase(Locale.ROOT), column.type()));
        Map<String, String> spelled = new HashMap<>();
        table.forEach(column -> spelled.put(column.name().toLowerCase(Locale.ROOT), column.name()));
        List<Column> columns = new ArrayList<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            columns.addAll(some(names.subList(from, Math.min(names.size(), from + AT_ONCE)), wanted));
        }
        List<Column> distinct = ColumnNames.distinct(columns).stream()
                .map(column ->
                        column.renamed(spelled.getOrDefault(column.name().toLowerCase(Locale.ROOT), column.name())))
                .toList();
        String select = IntStream.range(0, distinct.size())
                .mapToObj(i ->
                        value(SqlText.identifier(names.get(i)), distinct.get(i).type()) + " AS "
                                + SqlText.identifier(distinct.get(i).name()))
                .collect(Collectors.joining(", "));
        return new TextColumns(distinct, "(SELECT " + select + " FROM " + rows + ")");
    }

    private List<Column> some(List<String> some, Map<String, LogicalType> wanted) throws SQLException {
        String columns = some.stream().map(SqlText::identifier).collect(Collectors.joining(", "));
        String tests = some.stream()
                .map(SqlText::identifier)
                .flatMap(name -> KINDS.stream().map(kind -> "bool_and(" + same(name, kind) + ")"))
                .collect(Collectors.joining(", "));
        String from = exact ? rows : "(SELECT " + columns + " FROM " + rows + " LIMIT " + SAMPLE + ")";
        if (names.size() > MOST_TYPED) {
            return some.stream()
                    .map(name -> Column.of(name, LogicalType.of(Kind.VARCHAR)))
                    .toList();
        }
        List<Column> found = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + tests + " FROM " + from)) {
            row.next();
            int index = 1;
            for (String name : some) {
                LogicalType type = LogicalType.of(Kind.VARCHAR);
                LogicalType there = wanted.get(name.toLowerCase(Locale.ROOT));
                boolean fits = false;
                boolean empty = false;
                for (Kind kind : KINDS) {
                    boolean all = row.getBoolean(index++);
                    empty = row.wasNull();
                    fits |= there != null && (all || empty) && there.equals(LogicalType.of(kind));
                    if (all && type.kind() == Kind.VARCHAR) {
                        type = LogicalType.of(kind);
                    }
                }
                if (there != null && (fits || there.kind() == Kind.VARCHAR)) {
                    type = there;
                }
                found.add(Column.of(name, type));
            }
        }
        return found;
    }

    private static String same(String x, Kind kind) {
        return switch (kind) {
            case DOUBLE -> "regexp_full_match(" + x + ", " + DECIMAL + ") AND length(" + x + ") <= 16";
            case TIMESTAMP ->
                "coalesce(CAST(TRY_CAST(" + x + " AS TIMESTAMP) AS VARCHAR), '') = replace(" + x + ", 'T', ' ')";
            default -> "coalesce(CAST(TRY_CAST(" + x + " AS " + kind.name() + ") AS VARCHAR), '') = " + x;
        };
    }

    private static String value(String x, LogicalType type) {
        if (type.kind() == Kind.VARCHAR) {
            return x;
        }
        return "CASE WHEN " + x + " IS NULL THEN NULL WHEN " + same(x, type.kind()) + " THEN CAST(" + x + " AS "
                + type.duckdb() + ") ELSE error(concat('" + MARK + "', left(" + x + ", 0))) END";
    }
}
