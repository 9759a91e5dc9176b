package dev.serai.query;

import java.util.ArrayList;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** Lists, structs and maps as JSON arrays and objects; what is in them follows the same rules as columns. */
final class NestedCells {
    private NestedCells() {}

    private static void element(FieldVector vector, Cell cell, int row, Utf8Buffer out) {
        if (vector.isNull(row)) {
            out.text("null");
        } else {
            cell.json(row, out);
        }
    }

    private static void array(FieldVector values, Cell cell, int from, int to, Utf8Buffer out) {
        out.write('[');
        for (int i = from; i < to; i++) {
            if (i > from) {
                out.write(',');
            }
            element(values, cell, i, out);
        }
        out.write(']');
    }

    /** LIST. */
    static final class List implements Cell.Bare {
        private final ListVector vector;
        private final Cell values;

        List(ListVector vector) {
            this.vector = vector;
            this.values = Cells.of(vector.getDataVector());
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            array(
                    vector.getDataVector(),
                    values,
                    vector.getElementStartIndex(row),
                    vector.getElementEndIndex(row),
                    out);
        }
    }

    /** ARRAY. */
    static final class FixedList implements Cell.Bare {
        private final FixedSizeListVector vector;
        private final Cell values;

        FixedList(FixedSizeListVector vector) {
            this.vector = vector;
            this.values = Cells.of(vector.getDataVector());
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            int size = vector.getListSize();
            array(vector.getDataVector(), values, row * size, (row + 1) * size, out);
        }
    }

    /** STRUCT, as an object. */
    static final class Struct implements Cell.Bare {
        private final java.util.List<FieldVector> vectors;
        private final java.util.List<Cell> cells;

        Struct(StructVector vector) {
            this.vectors = vector.getChildrenFromFields();
            this.cells = vectors.stream().map(Cells::of).toList();
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            out.write('{');
            for (int i = 0; i < cells.size(); i++) {
                if (i > 0) {
                    out.write(',');
                }
                out.jsonString(vectors.get(i).getName());
                out.write(':');
                element(vectors.get(i), cells.get(i), row, out);
            }
            out.write('}');
        }
    }

    /** MAP, as an object whose names are the keys' text. */
    static final class Map implements Cell.Bare {
        private final MapVector vector;
        private final java.util.List<FieldVector> entry;
        private final Cell keys;
        private final Cell values;
        private final Utf8Buffer key = new Utf8Buffer();

        Map(MapVector vector) {
            this.vector = vector;
            this.entry = new ArrayList<>(((StructVector) vector.getDataVector()).getChildrenFromFields());
            this.keys = Cells.of(entry.get(0));
            this.values = Cells.of(entry.get(1));
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            out.write('{');
            for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
                if (i > vector.getElementStartIndex(row)) {
                    out.write(',');
                }
                key.clear();
                keys.plain(i, key);
                out.jsonString(key.array(), key.size());
                out.write(':');
                element(entry.get(1), values, i, out);
            }
            out.write('}');
        }
    }
}
