package dev.serai.upload;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/** Writes the rows of a sheet as separated values, each after its number, and finds the columns meanwhile. */
final class SheetText implements Closeable {
    private final BufferedWriter out;
    private final @Nullable Boolean header;
    private final List<SheetKind> kinds = new ArrayList<>();
    private @Nullable List<SheetCell> names;
    private int from = -1;
    private long errors;
    private @Nullable String firstError;

    /** @param header whether the first row that is not empty names the columns; null: if all in it is text */
    SheetText(Path target, @Nullable Boolean header) throws IOException {
        this.out = Files.newBufferedWriter(target, StandardCharsets.UTF_8);
        this.header = header;
    }

    /** A value stands left of all in the first row. */
    static final class FurtherLeft extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Starts at the first column of the sheet and not at that of the first row's first value. */
    SheetText fromTheEdge() {
        from = 0;
        return this;
    }

    /** Whether the row had any value. */
    boolean write(Row row) throws IOException {
        List<SheetCell> cells = new ArrayList<>();
        for (Cell cell : row) {
            SheetCell said = SheetCell.of(cell);
            if (said.kind() == SheetKind.ERROR) {
                errors++;
                firstError = firstError == null ? cell.getAddress().formatAsString() : firstError;
            }
            if (said.kind() != SheetKind.NOTHING) {
                place(cells, cell.getColumnIndex(), said);
            }
        }
        if (cells.isEmpty()) {
            return false;
        }
        if (names == null) {
            boolean text =
                    cells.stream().allMatch(one -> one.kind() == SheetKind.TEXT || one.kind() == SheetKind.NOTHING);
            boolean naming = header == null ? text : header;
            names = naming ? cells : List.of();
            if (naming) {
                return true;
            }
        }
        line(row.getRowNum() + 1L, cells);
        return true;
    }

    private void place(List<SheetCell> cells, int column, SheetCell said) {
        if (from < 0) {
            from = column;
        }
        if (column < from) {
            throw new FurtherLeft();
        }
        while (cells.size() < column - from) {
            cells.add(SheetCell.NOTHING);
        }
        cells.add(said);
    }

    private void line(long number, List<SheetCell> cells) throws IOException {
        out.write(Long.toString(number));
        for (int i = 0; i < cells.size(); i++) {
            SheetCell cell = cells.get(i);
            if (i == kinds.size()) {
                kinds.add(SheetKind.NOTHING);
            }
            kinds.set(i, kinds.get(i).and(cell.kind()));
            out.write(',');
            boolean quoted = cell.kind() == SheetKind.TEXT;
            out.write(quoted ? '"' + cell.text().replace("\"", "\"\"") + '"' : cell.text());
        }
        out.write('\n');
    }

    /** In order; names are not distinct yet. */
    List<Column> columns() {
        List<SheetCell> named = names == null ? List.of() : names;
        return IntStream.range(0, Math.max(named.size(), kinds.size()))
                .mapToObj(i -> {
                    String name = i < named.size() ? named.get(i).text().strip() : "";
                    SheetKind kind = i < kinds.size() ? kinds.get(i) : SheetKind.NOTHING;
                    return Column.of(name.isEmpty() ? "column_" + (from + i + 1) : name, kind.type());
                })
                .toList();
    }

    boolean named() {
        return names != null && !names.isEmpty();
    }

    long errors() {
        return errors;
    }

    @Nullable
    String firstError() {
        return firstError;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
