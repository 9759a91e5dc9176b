package dev.serai.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowWarning;

/**
 * Something about a dataset's sync that a person should know although it went well.
 *
 * @param code {@code column_added}, {@code column_removed}, {@code column_changed}, {@code ran_full},
 *     {@code retried}, or that of a {@link RowWarning} or {@link RowNote}
 * @param count of the values concerned, where it is about values
 */
public record RunWarning(String code, @Nullable String column, @Nullable Long count, String detail) {

    static final String NULL_WATERMARK = "null_watermark";

    static RunWarning of(RowWarning values) {
        String detail =
                switch (values.code()) {
                    case NULL_WATERMARK ->
                        "Rows without " + values.column() + ": " + values.count()
                                + ". With a primary key they are read in each sync, else only when everything is.";
                    case "duplicate_key" ->
                        "Rows left out since another has the same key (" + values.column() + "): " + values.count()
                                + ".";
                    default ->
                        "Values of " + values.column() + " that could not be kept as they are: " + values.count() + ".";
                };
        return new RunWarning(values.code(), values.column(), values.count(), detail);
    }

    /** @param attempt the one that comes now */
    static RunWarning retried(int attempt, RunError why) {
        return new RunWarning(
                "retried", null, (long) attempt - 1, "It was tried " + attempt + " times. Before: " + why.detail());
    }

    static RunWarning of(RowNote note) {
        return new RunWarning(note.code(), null, null, note.detail());
    }

    /** What a replacement changed about a dataset's columns. */
    static List<RunWarning> drift(List<Column> before, List<Column> after) {
        Map<String, Column> old = byName(before);
        Map<String, Column> now = byName(after);
        List<RunWarning> warnings = new ArrayList<>();
        now.forEach((name, column) -> {
            Column was = old.get(name);
            if (was == null) {
                warnings.add(new RunWarning("column_added", name, null, name + " is new."));
            } else if (!was.type().equals(column.type())) {
                warnings.add(new RunWarning(
                        "column_changed",
                        name,
                        null,
                        name + " was " + was.type().duckdb() + " and is "
                                + column.type().duckdb() + "."));
            }
        });
        old.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> warnings.add(new RunWarning("column_removed", name, null, name + " is gone.")));
        return warnings;
    }

    private static Map<String, Column> byName(List<Column> columns) {
        return columns.stream()
                .collect(Collectors.toMap(Column::name, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }
}
