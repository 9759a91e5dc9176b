package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.rows.LogicalType.Kind;

/**
 * The columns of a CSV text with a header line. A column is more than text only where every value says the same as
 * text: {@code 007} is no number. An empty field is NULL, a quoted empty one is the empty text.
 */
final class CsvColumns {
    private static final List<Kind> EXACT = List.of(Kind.BIGINT, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP);
    /** Up to 15 digits, which a DOUBLE keeps. */
    private static final String DECIMAL = "'-?(0|[1-9][0-9]*)(\\.[0-9]+)?'";

    private final Connection duckdb;
    private final String lines;

    CsvColumns(Connection duckdb, Path file) {
        this.duckdb = duckdb;
        this.lines = "read_csv(" + SqlText.literal(file.toString())
                + ", header=true, all_varchar=true, delim=',', quote='\"', escape='\"', comment='', skip=0,"
                + " nullstr='', allow_quoted_nulls=false)";
    }

    TextColumns find() throws SQLException {
        List<String> names = names();
        List<Column> columns = new ArrayList<>();
        String tests = names.stream().map(CsvColumns::tests).collect(Collectors.joining(", "));
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + tests + " FROM " + lines)) {
            row.next();
            int index = 1;
            for (String name : names) {
                Kind kind = Kind.VARCHAR;
                if (row.getBoolean(index++)) {
                    kind = Kind.DOUBLE;
                }
                for (Kind exact : EXACT) {
                    if (row.getBoolean(index++)) {
                        kind = exact;
                    }
                }
                columns.add(Column.of(name, LogicalType.of(kind)));
            }
        }
        List<Column> distinct = ColumnNames.distinct(columns);
        String select = IntStream.range(0, distinct.size())
                .mapToObj(i -> "CAST(" + SqlText.identifier(names.get(i)) + " AS "
                        + distinct.get(i).type().duckdb() + ") AS "
                        + SqlText.identifier(distinct.get(i).name()))
                .collect(Collectors.joining(", "));
        return new TextColumns(distinct, "(SELECT " + select + " FROM " + lines + ")");
    }

    private List<String> names() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("DESCRIBE SELECT * FROM " + lines)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static String tests(String column) {
        String name = SqlText.identifier(column);
        String exact = EXACT.stream()
                .map(kind -> "bool_and(" + name + " = coalesce(CAST(TRY_CAST(" + name + " AS " + kind
                        + ") AS VARCHAR), ''))")
                .collect(Collectors.joining(", "));
        return "bool_and(regexp_full_match(" + name + ", " + DECIMAL + ") AND length(" + name + ") <= 16), " + exact;
    }
}
