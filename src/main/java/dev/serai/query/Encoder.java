package dev.serai.query;

import java.io.IOException;
import java.util.List;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer's columns, batches and end in one format.
 *
 * <p>JSON is made here and not by DuckDB's {@code to_json}: with what its values must be like (large integers, decimals
 * and dates as texts) that was no faster (0.93 to 1.01 against 1.11 to 1.13 million rows of lineitem a second on two
 * cores, with the same CPU time), and a rule would stand in two places.
 */
interface Encoder {
    void begin() throws IOException;

    /** Some of the rows that the vectors hold now, at most {@link #most}. */
    void rows(int from, int until) throws IOException;

    /** How many rows to write before somebody takes the bytes: large values must not pile up. */
    default int most() {
        return 16;
    }

    /** @param truncated whether there were more rows than asked for */
    void end(boolean truncated) throws IOException;

    static Encoder of(
            ResultFormat format,
            List<ResultColumn> columns,
            VectorSchemaRoot vectors,
            DictionaryProvider dictionaries,
            @Nullable String nextCursor,
            Utf8Buffer out) {
        if (format == ResultFormat.ARROW) {
            return new ArrowEncoder(columns, vectors, dictionaries, out);
        }
        List<FieldVector> fields = vectors.getFieldVectors();
        Cell[] cells = new Cell[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            boolean madeJson = columns.get(i).form() == ResultColumn.Form.JSON
                    && fields.get(i) instanceof org.apache.arrow.vector.VarCharVector;
            cells[i] = madeJson
                    ? new TextCells.JsonText((org.apache.arrow.vector.VarCharVector) fields.get(i))
                    : Cells.of(fields.get(i));
        }
        return switch (format) {
            case JSON -> new JsonEncoder(columns, fields, cells, nextCursor, out);
            case NDJSON -> new NdjsonEncoder(columns, fields, cells, out);
            default -> new CsvEncoder(columns, fields, cells, out);
        };
    }
}
