package dev.serai.lake;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.SqlText;

/**
 * Has the source rows below a window that the table has not as they are? They came back, or were committed late, and no
 * later window would find them. What is at or above the window's bound and was not read was written since, and is left to
 * the next window.
 */
final class RowsBelow {
    private final MergeColumns columns;
    private final Window window;

    RowsBelow(MergeColumns columns, Window window) {
        this.columns = columns;
        this.window = window;
    }

    /**
     * What to stage with the keys, as {@code w}: their watermarks, or NULL where they cannot be compared with the table's.
     *
     * @param found of the keys' source
     */
    String staged(List<Column> found) {
        String column = window.column();
        return found.stream()
                .filter(there -> window.from() != null && there.name().equals(column))
                .filter(there -> columns.place(there.name()) >= 0
                        && there.type().duckdb().equals(columns.type(columns.place(there.name()))))
                .map(there -> SqlText.identifier(there.name()))
                .findFirst()
                .orElse("CAST(NULL AS INTEGER)");
    }

    /**
     * To be asked once both sides are shown.
     *
     * @param keys the staged keys
     * @throws FailureException {@code rows_below_window} where there are such rows
     */
    void refuse(Statement statement, Path keys) throws SQLException {
        if (window.column() == null || window.from() == null || columns.place(window.column()) < 0) {
            return;
        }
        int bound = columns.place(window.column());
        List<Integer> key = columns.places(window.key());
        String all = "read_parquet(" + SqlText.literal(keys.toString()) + ")";
        String from = "CAST(" + SqlText.literal(window.from()) + " AS " + columns.type(bound) + ")";
        statement.execute("CREATE TEMP TABLE below AS SELECT k.* FROM (FROM " + all + " WHERE w < " + from + ") k"
                + " ANTI JOIN present ON t" + bound + " = w AND " + each(key, i -> "t" + key.get(i), i -> "k" + i)
                + " ANTI JOIN fresh ON " + each(key, i -> "f" + key.get(i), i -> "k" + i));
        if (count(statement, "below") == 0) {
            return;
        }
        // Of rows with one key the dataset has but the newest, so the others are not missed.
        long missed = count(
                statement,
                "below ANTI JOIN " + all + " k ON k.w > below.w AND " + each(key, i -> "below.k" + i, i -> "k.k" + i));
        if (missed > 0) {
            throw new FailureException(new Failure.Conflict(
                    Merge.ROWS_BELOW_WINDOW,
                    "Rows below the window that the dataset did not have as the source has them: " + missed
                            + ". They came back, or were committed or dated back after it had been read."));
        }
    }

    private static String each(List<Integer> key, IntFunction<String> one, IntFunction<String> other) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> one.apply(i) + " IS NOT DISTINCT FROM " + other.apply(i))
                .collect(Collectors.joining(" AND "));
    }

    private static long count(Statement statement, String relation) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + relation)) {
            row.next();
            return row.getLong(1);
        }
    }
}
