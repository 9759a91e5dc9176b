package dev.serai.query;

import java.util.List;

import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** {@code {"columns":[{"name","type"}],"rows":[[…]],"truncated":…,"next_cursor"?}}. */
record JsonEncoder(
        List<ResultColumn> columns,
        List<FieldVector> vectors,
        Cell[] cells,
        @Nullable String nextCursor,
        Utf8Buffer out,
        boolean[] anyRow)
        implements Encoder {

    JsonEncoder(
            List<ResultColumn> columns,
            List<FieldVector> vectors,
            Cell[] cells,
            @Nullable String nextCursor,
            Utf8Buffer out) {
        this(columns, vectors, cells, nextCursor, out, new boolean[1]);
    }

    @Override
    public void begin() {
        out.text("{\"columns\":[");
        for (int i = 0; i < columns.size(); i++) {
            out.text(i == 0 ? "{\"name\":" : ",{\"name\":");
            out.jsonString(columns.get(i).name());
            out.text(",\"type\":");
            out.jsonString(columns.get(i).type());
            out.write('}');
        }
        out.text("],\"rows\":[");
    }

    @Override
    public void rows(int from, int until) {
        for (int row = from; row < until; row++) {
            out.text(anyRow[0] ? ",\n[" : "\n[");
            anyRow[0] = true;
            for (int i = 0; i < cells.length; i++) {
                if (i > 0) {
                    out.write(',');
                }
                if (vectors.get(i).isNull(row)) {
                    out.text("null");
                } else {
                    cells[i].json(row, out);
                }
            }
            out.write(']');
        }
    }

    @Override
    public void end(boolean truncated) {
        out.text("],\"truncated\":").text(Boolean.toString(truncated));
        if (nextCursor != null) {
            out.text(",\"next_cursor\":");
            out.jsonString(nextCursor);
        }
        out.text("}\n");
    }
}
