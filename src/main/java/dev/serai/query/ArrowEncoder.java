package dev.serai.query;

import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;

/** The Arrow IPC stream format, with DuckDB's own Arrow types. */
final class ArrowEncoder implements Encoder {
    private final VectorSchemaRoot vectors;
    private final ArrowStreamWriter writer;

    ArrowEncoder(
            List<ResultColumn> columns, VectorSchemaRoot vectors, DictionaryProvider dictionaries, Utf8Buffer out) {
        this.vectors = named(columns, vectors);
        this.writer = new ArrowStreamWriter(this.vectors, dictionaries, Channels.newChannel(out));
    }

    /** The same vectors under the names the query gave them, equal ones among them. */
    private static VectorSchemaRoot named(List<ResultColumn> columns, VectorSchemaRoot vectors) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Field field = vectors.getSchema().getFields().get(i);
            fields.add(new Field(columns.get(i).name(), field.getFieldType(), field.getChildren()));
        }
        return new VectorSchemaRoot(fields, vectors.getFieldVectors().subList(0, fields.size()));
    }

    @Override
    public void begin() throws IOException {
        writer.start();
    }

    @Override
    public void rows(int from, int until) throws IOException {
        vectors.setRowCount(until);
        writer.writeBatch();
    }

    /** Whole batches, from their first row on. */
    @Override
    public int most() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void end(boolean truncated) throws IOException {
        writer.end();
    }
}
