package dev.serai.query;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.arrow.vector.FieldVector;

/** One JSON object a line. A name that comes again gets a number: {@code id}, {@code id_2}. */
final class NdjsonEncoder implements Encoder {
    private final List<FieldVector> vectors;
    private final Cell[] cells;
    private final byte[][] names;
    private final Utf8Buffer out;

    NdjsonEncoder(List<ResultColumn> columns, List<FieldVector> vectors, Cell[] cells, Utf8Buffer out) {
        this.vectors = vectors;
        this.cells = cells;
        this.names = names(columns);
        this.out = out;
    }

    private static byte[][] names(List<ResultColumn> columns) {
        Set<String> all = new HashSet<>();
        columns.forEach(column -> all.add(column.name()));
        Set<String> used = new HashSet<>();
        byte[][] names = new byte[columns.size()][];
        for (int i = 0; i < names.length; i++) {
            String wanted = columns.get(i).name();
            String name = wanted;
            for (int n = 2; used.contains(name) || n > 2 && all.contains(name); n++) {
                name = wanted + "_" + n;
            }
            used.add(name);
            Utf8Buffer quoted = new Utf8Buffer();
            quoted.text(i == 0 ? "{" : ",").jsonString(name);
            quoted.write(':');
            names[i] = java.util.Arrays.copyOf(quoted.array(), quoted.size());
        }
        return names;
    }

    @Override
    public void begin() {}

    @Override
    public void rows(int from, int until) {
        for (int row = from; row < until; row++) {
            for (int i = 0; i < cells.length; i++) {
                out.write(names[i], 0, names[i].length);
                if (vectors.get(i).isNull(row)) {
                    out.text("null");
                } else {
                    cells[i].json(row, out);
                }
            }
            out.text("}\n");
        }
    }

    @Override
    public void end(boolean truncated) {}
}
