package dev.serai.query;

import java.util.List;

import org.apache.arrow.vector.FieldVector;

/**
 * RFC 4180 with a header line, in UTF-8: NULL is nothing, an empty text is {@code ""}. Values are never changed: a text
 * that a spreadsheet would take for a formula stays what it is, so import CSV of sources you do not trust as text.
 */
record CsvEncoder(
        List<ResultColumn> columns, List<FieldVector> vectors, Cell[] cells, Utf8Buffer out, Utf8Buffer scratch)
        implements Encoder {

    CsvEncoder(List<ResultColumn> columns, List<FieldVector> vectors, Cell[] cells, Utf8Buffer out) {
        this(columns, vectors, cells, out, new Utf8Buffer());
    }

    @Override
    public void begin() {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            scratch.clear();
            scratch.text(columns.get(i).name());
            field();
        }
        out.text("\r\n");
    }

    @Override
    public void rows(int from, int until) {
        for (int row = from; row < until; row++) {
            for (int i = 0; i < cells.length; i++) {
                if (i > 0) {
                    out.write(',');
                }
                if (!vectors.get(i).isNull(row)) {
                    scratch.clear();
                    cells[i].plain(row, scratch);
                    field();
                }
            }
            out.text("\r\n");
        }
    }

    @Override
    public void end(boolean truncated) {}

    private void field() {
        byte[] bytes = scratch.array();
        int size = scratch.size();
        if (!needsQuotes(bytes, size)) {
            out.write(bytes, 0, size);
            return;
        }
        out.write('"');
        int from = 0;
        for (int i = 0; i < size; i++) {
            if (bytes[i] == '"') {
                out.write(bytes, from, i + 1 - from);
                from = i;
            }
        }
        out.write(bytes, from, size - from);
        out.write('"');
    }

    private static boolean needsQuotes(byte[] bytes, int size) {
        for (int i = 0; i < size; i++) {
            byte b = bytes[i];
            if (b == '"' || b == ',' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return size == 0;
    }
}
