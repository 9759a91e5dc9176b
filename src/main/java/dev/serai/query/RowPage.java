package dev.serai.query;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.lake.TableSnapshot;
import dev.serai.query.Computations.Answer;
import dev.serai.query.Computations.Statement;
import dev.serai.rows.Column;

/**
 * One page of a table's rows.
 *
 * @param next where the next one starts, or null where this is the last
 */
record RowPage(TableSnapshot snapshot, List<Column> columns, RowCursor from, int limit, @Nullable RowCursor next) {

    static RowPage of(TableSnapshot snapshot, List<String> names, int limit, @Nullable String cursor) {
        RowCursor from = cursor == null
                ? RowCursor.start(snapshot)
                : RowCursor.read(cursor).checked(snapshot);
        return new RowPage(snapshot, columns(snapshot, names), from, limit, from.after(limit, snapshot));
    }

    /** Names are matched as SQL does, ignoring case; all that are unknown are told. */
    private static List<Column> columns(TableSnapshot snapshot, List<String> names) {
        if (names.isEmpty()) {
            return snapshot.columns();
        }
        Map<String, Column> known = new LinkedHashMap<>();
        snapshot.columns().forEach(column -> known.put(NamedTable.folded(column.name()), column));
        List<Column> columns = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (String name : names) {
            Column column = known.get(NamedTable.folded(name));
            if (column == null) {
                faults.add(new Fault("?columns", "There is no column named " + name + "."));
            } else {
                columns.add(column);
            }
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return columns;
    }

    ResultStream start(Computations computations, ResultFormat format) {
        List<Path> files =
                snapshot.files().stream().map(TableSnapshot.DataFile::path).toList();
        String shown =
                columns.stream().map(Column::name).map(Sandbox::identifier).collect(Collectors.joining(", "));
        long before = from.row();
        for (int i = 0; i < from.file(); i++) {
            before += snapshot.files().get(i).rows();
        }
        String sql = "SELECT " + shown + " FROM (" + snapshot.scan() + ") LIMIT " + limit + " OFFSET " + before;
        List<ResultColumn> columns = this.columns.stream()
                .map(column -> new ResultColumn(column.name(), column.type().duckdb()))
                .toList();
        return computations
                .prepare(files, new SqlPositions("", 0))
                .answer(new Statement(sql), new Answer(columns, format, limit, next == null ? null : next.text()));
    }
}
