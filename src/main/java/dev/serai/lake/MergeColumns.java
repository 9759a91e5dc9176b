package dev.serai.lake;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.SqlText;

/**
 * The columns of a merge. Inside its SQL a column is known by its place in the table's schema: {@code t3} of the table's
 * row, {@code f3} of the fresh row; so no name of a column can be mistaken for one of ours.
 */
final class MergeColumns {
    private final StructType schema;
    private final List<Column> fresh;

    /** @param schema of the version that the merge makes */
    MergeColumns(StructType schema, List<Column> fresh) {
        this.schema = schema;
        this.fresh = fresh;
    }

    int place(String name) {
        return schema.indexOf(name);
    }

    List<Integer> places(List<String> names) {
        List<Integer> places = names.stream().map(this::place).toList();
        if (places.contains(-1)) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "column_missing",
                    "The key column " + names.get(places.indexOf(-1)) + " is not among the dataset's columns.",
                    false));
        }
        return places;
    }

    /** For each place one piece of SQL. */
    String each(IntFunction<String> piece, String separator) {
        return IntStream.range(0, schema.length()).mapToObj(piece).collect(Collectors.joining(separator));
    }

    String type(int place) {
        return DuckDbTypes.of(schema.at(place).getDataType());
    }

    String name(int place) {
        return SqlText.identifier(schema.at(place).getName());
    }

    boolean nested(int place) {
        return DeltaSchema.type(schema.at(place)).isNested();
    }

    /** Real numbers have two zeros, which compare as equal. */
    boolean real(int place) {
        return type(place).equals("DOUBLE") || type(place).equals("FLOAT");
    }

    /** The SELECT of the table's rows as {@code t0}, {@code t1} … with {@code file}, counted from 0, and {@code row}. */
    String present(List<Path> files) {
        if (files.isEmpty()) {
            return "SELECT " + each(place -> none(place) + " AS t" + place, ", ") + ", 0 AS file, 0 AS row WHERE false";
        }
        List<StructField> there = new ArrayList<>();
        for (int place = 0; place < schema.length(); place++) {
            if (there(place)) {
                StructField field = schema.at(place);
                there.add(new StructField("t" + place, field.getDataType(), true, field.getMetadata()));
            }
        }
        return "SELECT " + each(place -> there(place) ? "t" + place : none(place) + " AS t" + place, ", ")
                + ", CAST(file_index AS BIGINT) AS file, file_row_number AS row FROM "
                + ScanText.relation(new StructType(there), files);
    }

    /** Whether the table had the column before. */
    private boolean there(int place) {
        return DeltaSchema.hasId(schema.at(place));
    }

    private String none(int place) {
        return "CAST(NULL AS " + type(place) + ")";
    }

    /** The SELECT list that stages the source's rows: {@code c0}, {@code c1} … in the source's order. */
    String staged() {
        return IntStream.range(0, fresh.size())
                .mapToObj(i -> SqlText.identifier(fresh.get(i).name()) + " AS c" + i)
                .collect(Collectors.joining(", "));
    }

    /** The SELECT list that makes {@code f0}, {@code f1} … of staged columns; what the source left out is NULL. */
    String arranged() {
        return each(place -> value(place) + " AS f" + place, ", ");
    }

    /** The SELECT list that stages keys as {@code k0}, {@code k1} …; one that fits no row of the table becomes NULL. */
    String keys(List<String> key, List<Column> found) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "TRY_CAST("
                        + (found.isEmpty() ? "NULL" : SqlText.identifier(key.get(i)))
                        + " AS " + type(place(key.get(i))) + ") AS k" + i)
                .collect(Collectors.joining(", "));
    }

    /** A fresh row's value for a place. */
    String value(int place) {
        int at = staged(place);
        boolean none = at < 0 || apart(place, fresh.get(at).type());
        return "CAST(" + (none ? "NULL" : "c" + at) + " AS " + type(place) + ")";
    }

    /** Whether no value of a fresh column fits as it is, since one side or both are nested and differ. */
    private boolean apart(int place, LogicalType given) {
        LogicalType there = DeltaSchema.type(schema.at(place));
        return (there.isNested() || given.isNested()) && !there.covers(given);
    }

    private int staged(int place) {
        String name = schema.at(place).getName();
        for (int i = 0; i < fresh.size(); i++) {
            if (fresh.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** @throws FailureException {@code schema_changed} where a value does not fit the table's column as it is */
    void check(Statement statement, String relation) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        for (int place = 0; place < schema.length(); place++) {
            int at = staged(place);
            if (at >= 0 && apart(place, fresh.get(at).type())) {
                counts.add("count(c" + at + ")");
                names.add(schema.at(place).getName());
            } else if (at >= 0
                    && !DeltaSchema.type(schema.at(place)).covers(fresh.get(at).type())) {
                String cast = "TRY_CAST(c" + at + " AS " + type(place) + ")";
                String back = "TRY_CAST(" + cast + " AS " + fresh.get(at).type().duckdb() + ")";
                counts.add("count(*) FILTER (c" + at + " IS DISTINCT FROM " + back + ")");
                names.add(schema.at(place).getName());
            }
        }
        if (counts.isEmpty()) {
            return;
        }
        try (ResultSet row = statement.executeQuery("SELECT " + String.join(", ", counts) + " FROM " + relation)) {
            row.next();
            for (int i = 0; i < names.size(); i++) {
                if (row.getLong(i + 1) > 0) {
                    throw schemaChanged("The column " + names.get(i) + " changed its type.");
                }
            }
        }
    }

    static FailureException schemaChanged(String detail) {
        return new FailureException(new Failure.Conflict(Merge.SCHEMA_CHANGED, detail));
    }
}
