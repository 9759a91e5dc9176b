package dev.serai.query;

import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** How a statement's answer is read: which columns it has, and the SQL that brings them in a form to encode. */
final class Plans {
    private static final int LONGEST_NAME = 10_000;

    private Plans() {}

    static List<ResultColumn> columns(PreparedStatement statement) throws SQLException {
        return columns(statement.getMetaData());
    }

    static List<ResultColumn> columns(ResultSetMetaData data) throws SQLException {
        List<ResultColumn> columns = new ArrayList<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            // DuckDB quotes the name of this one type.
            String type = data.getColumnTypeName(i).equals("\"NULL\"") ? "NULL" : data.getColumnTypeName(i);
            String name = data.getColumnName(i);
            if (name.length() > LONGEST_NAME) {
                // Without an alias DuckDB takes the whole expression, and Arrow's reader fails at 64 KiB.
                throw new FailureException(new Failure.Unreadable(
                        "sql_too_complex", "The name of column " + i + " is too long. Give it one with AS.", null));
            }
            columns.add(new ResultColumn(name, type));
        }
        return columns;
    }

    /**
     * A SELECT around a SELECT that gives at most so many rows and one more, which tells that there were more; the
     * limit inside lets DuckDB sort and scan less.
     */
    static String limited(String select, List<ResultColumn> columns, ResultFormat format, long limit) {
        String rows = limit == Long.MAX_VALUE ? "" : " LIMIT " + (limit + 1);
        boolean text = format != ResultFormat.ARROW
                && columns.stream().anyMatch(column -> column.form() != ResultColumn.Form.NATIVE);
        if (!text) {
            return "SELECT * FROM (" + select + "\n)" + rows;
        }
        StringBuilder shown = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String name = "c" + i;
            names.append(i == 0 ? "" : ", ").append(name);
            shown.append(i == 0 ? "" : ", ")
                    .append(
                            switch (columns.get(i).form()) {
                                case NATIVE -> name;
                                case TEXT -> "CAST(" + name + " AS VARCHAR)";
                                case JSON -> "CAST(to_json(" + name + ") AS VARCHAR)";
                            });
        }
        return "SELECT " + shown + " FROM (" + select + "\n) AS answer(" + names + ")" + rows;
    }
}
