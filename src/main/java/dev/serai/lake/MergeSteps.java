package dev.serai.lake;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.RowWarning;
import dev.serai.rows.SqlText;

/**
 * The SQL of a merge, step by step on one connection. {@code fresh} are the rows that were read, {@code present} the
 * table's, {@code kept} the fresh ones that need not be written, {@code gone} the table's that are not to stay as they
 * are, {@code back} those of them that were marked as deleted and are there again.
 */
final class MergeSteps {
    /**
     * The code of rows of which another has the same key. The one with the highest watermark counts, among equals the one
     * with the highest values: which came last is not known, and the choice must not change from run to run.
     */
    static final String DUPLICATES = "duplicate_key";

    /**
     * What is to be done: which files are written anew, how many rows come in, how many go for good, and how many are no
     * longer marked as deleted.
     */
    record Plan(List<Integer> touched, long added, long deleted, long restored) {
        boolean nothing() {
            return touched.isEmpty() && added == 0;
        }

        long written() {
            return added + restored;
        }
    }

    private final Statement statement;
    private final MergeColumns columns;
    private final Window window;
    private final List<Path> files;
    private final List<Integer> key;
    private final int bound;
    private boolean nullKeys;

    MergeSteps(Statement statement, MergeColumns columns, Window window, List<Path> files) {
        this.statement = statement;
        this.columns = columns;
        this.window = window;
        this.files = files;
        this.key = columns.places(window.key());
        this.bound = window.column() == null ? -1 : columns.place(window.column());
        if (key.isEmpty() && bound < 0) {
            throw MergeColumns.schemaChanged("The watermark column " + window.column() + " is gone.");
        }
    }

    /** Shows both sides: what was staged, null for no rows, and what the table has. */
    void show(@Nullable Path staged, List<RowWarning> warnings) throws SQLException {
        statement.execute("CREATE TEMP VIEW present AS " + columns.present(files));
        if (staged == null) {
            statement.execute("CREATE TEMP VIEW fresh AS SELECT "
                    + columns.each(place -> "CAST(NULL AS " + columns.type(place) + ") AS f" + place, ", ")
                    + ", 0 AS r WHERE false");
        } else {
            String read = "read_parquet(" + SqlText.literal(staged.toString()) + ")";
            columns.check(statement, read);
            String rows = "SELECT " + columns.arranged() + ", file_row_number AS r FROM " + read;
            String inside = bound < 0 || window.from() == null ? "" : " WHERE " + inside("f", !key.isEmpty());
            statement.execute(
                    "CREATE TEMP VIEW fresh AS SELECT * FROM (" + rows + ")" + inside + once(rows, inside, warnings));
        }
        statement.execute("CREATE TEMP TABLE kept (r BIGINT)");
        statement.execute("CREATE TEMP TABLE gone (file BIGINT, row BIGINT, deleted BOOLEAN)");
        statement.execute("CREATE TEMP TABLE back (file BIGINT, row BIGINT)");
    }

    /** Whether a row is in the window; with a key those without a watermark are in each. */
    private String inside(String side, boolean nulls) {
        String value = side + bound;
        String from = "CAST(" + SqlText.literal(String.valueOf(window.from())) + " AS " + columns.type(bound) + ")";
        return "(" + value + " >= " + from + (nulls ? " OR " + value + " IS NULL)" : ")");
    }

    /** Of several rows with one key only one may come in. */
    private String once(String rows, String inside, List<RowWarning> warnings) throws SQLException {
        if (key.isEmpty()) {
            return "";
        }
        String list = places(place -> "f" + place);
        String anyNull = places(place -> "f" + place + " IS NULL", " OR ");
        try (ResultSet row = statement.executeQuery("SELECT count(*) - count(DISTINCT row(" + list
                + ", 0)), count(*) FILTER (" + anyNull + ") FROM (" + rows + ")" + inside)) {
            row.next();
            nullKeys = row.getLong(2) > 0;
            if (row.getLong(1) == 0) {
                return "";
            }
            warnings.add(new RowWarning(String.join(", ", window.key()), DUPLICATES, row.getLong(1)));
        }
        String order = bound < 0 ? "" : "f" + bound + " DESC NULLS LAST, ";
        String values = columns.each(place -> "f" + place + " DESC NULLS LAST", ", ");
        return " QUALIFY row_number() OVER (PARTITION BY " + list + " ORDER BY " + order + values + ", r) = 1";
    }

    private String places(IntFunction<String> piece) {
        return places(piece, ", ");
    }

    private String places(IntFunction<String> piece, String separator) {
        return key.stream().map(piece::apply).collect(Collectors.joining(separator));
    }

    /** Notes the rows whose keys the source has no more. */
    void missing(Path keys) throws SQLException {
        String there = "read_parquet(" + SqlText.literal(keys.toString()) + ") k";
        String marked = window.deletes() == Window.Deletes.SOFT
                ? " WHERE t" + columns.place(Window.DELETED_AT) + " IS NULL"
                : "";
        statement.execute("INSERT INTO gone SELECT file, row, true FROM present ANTI JOIN " + there + " ON "
                + matches("t", " IS NOT DISTINCT FROM ") + marked);
        statement.execute("INSERT INTO kept SELECT r FROM fresh ANTI JOIN " + there + " ON "
                + matches("f", " IS NOT DISTINCT FROM "));
        if (window.deletes() == Window.Deletes.SOFT) {
            // Such as a row that a restored backup brought back, with the watermark it had.
            statement.execute("INSERT INTO back SELECT file, row FROM present SEMI JOIN " + there + " ON "
                    + matches("t", " IS NOT DISTINCT FROM ") + " ANTI JOIN fresh ON "
                    + places(place -> "t" + place + " IS NOT DISTINCT FROM f" + place, " AND ") + " WHERE t"
                    + columns.place(Window.DELETED_AT) + " IS NOT NULL");
            statement.execute("INSERT INTO gone SELECT file, row, false FROM back");
        }
    }

    private String matches(String side, String operator) {
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            terms.add(side + key.get(i) + operator + "k" + i);
        }
        return String.join(" AND ", terms);
    }

    /** Pairs the rows of both sides and finds what is to be done. */
    Plan plan() throws SQLException {
        if (key.isEmpty()) {
            pairEqual();
        } else {
            pairByKey();
        }
        List<Integer> touched = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT DISTINCT file FROM gone ORDER BY file")) {
            while (row.next()) {
                touched.add(row.getInt(1));
            }
        }
        try (ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM fresh ANTI JOIN kept USING (r)),"
                + " (SELECT count(*) FROM gone WHERE deleted), (SELECT count(*) FROM back)")) {
            row.next();
            return new Plan(List.copyOf(touched), row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    private void pairByKey() throws SQLException {
        String operator = nullKeys ? " IS NOT DISTINCT FROM " : " = ";
        statement.execute(
                "CREATE TEMP TABLE pairs AS SELECT r, file, row, " + same() + " AS same FROM fresh JOIN present ON "
                        + places(place -> "f" + place + operator + "t" + place, " AND "));
        statement.execute("INSERT INTO kept SELECT DISTINCT r FROM pairs WHERE same");
        statement.execute("INSERT INTO gone SELECT DISTINCT file, row, false FROM pairs"
                + " ANTI JOIN gone USING (file, row) ANTI JOIN kept USING (r) WHERE NOT same");
    }

    /** Whether nothing of a row changed, not even the sign of a zero. */
    private String same() {
        return columns.each(
                place -> {
                    String equal = "f" + place + " IS NOT DISTINCT FROM t" + place;
                    if (columns.nested(place)) {
                        // Whose text tells the signs of zeros inside.
                        return equal + " AND CAST(f" + place + " AS VARCHAR) IS NOT DISTINCT FROM CAST(t" + place
                                + " AS VARCHAR)";
                    }
                    return columns.real(place)
                            ? equal + " AND signbit(f" + place + ") IS NOT DISTINCT FROM signbit(t" + place + ")"
                            : equal;
                },
                " AND ");
    }

    /** Without a key a row is known by all its values; of equal ones as many stay as there are on both sides. */
    private void pairEqual() throws SQLException {
        String windowed = window.from() == null ? "present" : "present WHERE " + inside("t", false);
        statement.execute("CREATE TEMP TABLE pairs AS WITH"
                + " f AS (SELECT *, row_number() OVER (PARTITION BY " + columns.each(place -> "f" + place, ", ")
                + " ORDER BY r) AS n FROM fresh),"
                + " t AS (SELECT *, row_number() OVER (PARTITION BY " + columns.each(place -> "t" + place, ", ")
                + " ORDER BY file, row) AS n FROM " + windowed + ")"
                + " SELECT r, file, row FROM f JOIN t ON f.n = t.n AND " + same());
        statement.execute("INSERT INTO kept SELECT r FROM pairs");
        statement.execute("INSERT INTO gone SELECT file, row, false FROM (SELECT file, row FROM " + windowed
                + ") ANTI JOIN pairs USING (file, row)");
    }

    /** The new position: never below the one before, unless the source told it. */
    Watermarks.Found watermark(CommitRequest request) throws SQLException {
        String before = window.position();
        if (request.watermarkColumn() == null || bound < 0) {
            return new Watermarks.Found(request.watermark() == null ? before : request.watermark(), List.of());
        }
        String mark = Watermarks.ordered("f" + bound, columns.real(bound));
        String floor =
                before == null ? "" : ", TRY_CAST(" + SqlText.literal(before) + " AS " + columns.type(bound) + ")";
        try (ResultSet row = statement.executeQuery("SELECT CAST(greatest(max(" + mark + ")" + floor
                + ") AS VARCHAR), count(*) - count(" + mark + ") FROM fresh")) {
            row.next();
            long nulls = row.getLong(2);
            List<RowWarning> warnings = nulls == 0
                    ? List.of()
                    : List.of(new RowWarning(request.watermarkColumn(), Watermarks.NULLS, nulls));
            return new Watermarks.Found(request.watermark() == null ? row.getString(1) : request.watermark(), warnings);
        }
    }

    /** The rows of the files to write, under the names of the table's columns. */
    String result(Plan plan, Instant now) {
        List<String> parts = new ArrayList<>();
        if (!plan.touched().isEmpty()) {
            String numbers = plan.touched().stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
            String old = "(SELECT * REPLACE (CAST(" + numbers + " AS BIGINT[])[file + 1] AS file) FROM ("
                    + columns.present(plan.touched().stream().map(files::get).toList()) + "))";
            parts.add("SELECT " + named("t") + " FROM " + old + " ANTI JOIN gone USING (file, row)");
            if (window.deletes() == Window.Deletes.SOFT) {
                parts.add("SELECT " + marked(SqlText.literal(now.toString())) + " FROM " + old
                        + " SEMI JOIN (FROM gone WHERE deleted) USING (file, row)");
                parts.add("SELECT " + marked("NULL") + " FROM " + old + " SEMI JOIN back USING (file, row)");
            }
        }
        if (plan.added() > 0) {
            parts.add("SELECT " + named("f") + " FROM fresh ANTI JOIN kept USING (r)");
        }
        return parts.stream().collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    /** A row of the table with another mark. */
    private String marked(String at) {
        int mark = columns.place(Window.DELETED_AT);
        return columns.each(
                place -> (place == mark ? "CAST(" + at + " AS TIMESTAMPTZ)" : "t" + place) + " AS "
                        + columns.name(place),
                ", ");
    }

    private String named(String side) {
        return columns.each(place -> side + place + " AS " + columns.name(place), ", ");
    }
}
