package dev.serai.rows.file;

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

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.ColumnNames;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.SqlText;

/**
 * Which types do a file's columns have? Those of the table that they are added to; else the narrowest that all values
 * are of, told from the first rows or from all of them.
 */
final class FileColumns {
    private static final List<Kind> KINDS = List.of(Kind.BIGINT, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP, Kind.DOUBLE);
    private static final LogicalType TEXT = LogicalType.of(Kind.VARCHAR);
    private static final int SAMPLE = 20_480;
    /** So many columns are tested by one statement; more of them at once take DuckDB longer than their share. */
    private static final int AT_ONCE = 250;
    /** Of more columns all are text: to test each value of each takes minutes. */
    private static final int MOST_TYPED = 2000;

    private final Connection duckdb;
    private final String rows;
    private final List<String> names;
    private final boolean exact;
    private final ValueForm form;

    /** @param rows the call of the reader that gives all columns as text */
    FileColumns(Connection duckdb, String rows, List<String> names, boolean exact, ValueForm form) {
        this.duckdb = duckdb;
        this.rows = rows;
        this.names = names;
        this.exact = exact;
        this.form = form;
    }

    /** In the file's order, under the table's names where it has them. */
    List<Column> find(List<Column> table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            columns.addAll(some(names.subList(from, Math.min(names.size(), from + AT_ONCE))));
        }
        return into(table, columns);
    }

    /** The columns under the names and with the types that a table has for them. */
    static List<Column> into(List<Column> table, List<Column> columns) {
        Map<String, Column> there = new HashMap<>();
        table.forEach(column -> there.put(folded(column), column));
        return ColumnNames.distinct(columns).stream()
                .map(column -> {
                    Column its = there.get(folded(column));
                    return its == null ? column : Column.of(its.name(), its.type());
                })
                .toList();
    }

    private static String folded(Column column) {
        return column.name().toLowerCase(Locale.ROOT);
    }

    private List<Column> some(List<String> some) throws SQLException {
        if (names.size() > MOST_TYPED) {
            return some.stream().map(name -> Column.of(name, TEXT)).toList();
        }
        String columns = some.stream().map(SqlText::identifier).collect(Collectors.joining(", "));
        String tests = some.stream()
                .map(SqlText::identifier)
                .flatMap(name -> KINDS.stream().map(kind -> "bool_and(" + form.same(name, LogicalType.of(kind)) + ")"))
                .collect(Collectors.joining(", "));
        String from = exact ? rows : "(SELECT " + columns + " FROM " + rows + " LIMIT " + SAMPLE + ")";
        List<Column> found = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + tests + " FROM " + from)) {
            row.next();
            int index = 1;
            for (String name : some) {
                Kind type = null;
                for (Kind kind : KINDS) {
                    type = narrower(type, kind, row.getBoolean(index++));
                }
                found.add(Column.of(name, type == null ? TEXT : LogicalType.of(type)));
            }
        }
        return found;
    }

    private static @Nullable Kind narrower(@Nullable Kind found, Kind kind, boolean all) {
        return found == null && all ? kind : found;
    }
}
