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
import dev.serai.lake.TableSnapshot.DataFile;
import dev.serai.query.Prepared.Answer;
import dev.serai.query.Prepared.Statement;
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
                faults.add(new Fault("?columns", "names " + name + ", which is no column"));
            } else {
                columns.add(column);
            }
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return columns;
    }

    /** Reads only the files from the cursor's on, and of the first only what follows its row. */
    ResultStream start(Computations computations, ResultFormat format) {
        TableSnapshot rest = snapshot.part(filesFrom());
        String shown = columns.stream()
                .map(column -> Sandbox.identifier(column.name()))
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + shown + " FROM (" + rest.scan() + ") LIMIT " + limit + " OFFSET " + from.row();
        List<ResultColumn> shownColumns = columns.stream()
                .map(column -> new ResultColumn(column.name(), column.type().duckdb()))
                .toList();
        List<Path> paths = rest.files().stream().map(DataFile::path).toList();
        return computations
                .page(paths)
                .answer(new Statement(sql), new Answer(shownColumns, format, limit, next == null ? null : next.text()));
    }

    /** Those that the page needs: not more, since each one named costs an open file. */
    private List<DataFile> filesFrom() {
        List<DataFile> needed = new ArrayList<>();
        long rows = -from.row();
        for (int i = from.file(); i < snapshot.files().size() && rows < limit; i++) {
            needed.add(snapshot.files().get(i));
            rows += snapshot.files().get(i).rows();
        }
        return needed;
    }
}
