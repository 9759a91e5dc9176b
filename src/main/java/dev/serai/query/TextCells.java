package dev.serai.query;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;

/** Values that are text, or have no form but text. */
final class TextCells {
    private TextCells() {}

    /** UTF-8 text, JSON among it: text keeps numbers that JSON readers would round. */
    static final class Text implements Cell {
        private final VarCharVector vector;
        private byte[] scratch = new byte[256];

        Text(VarCharVector vector) {
            this.vector = vector;
        }

        @Override
        public void json(int row, Utf8Buffer out) {
            int length = load(row);
            out.jsonString(scratch, length);
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            int length = load(row);
            out.write(scratch, 0, length);
        }

        private int load(int row) {
            ArrowBuf offsets = vector.getOffsetBuffer();
            int start = offsets.getInt(row * 4L);
            int length = offsets.getInt(row * 4L + 4) - start;
            if (length > scratch.length) {
                scratch = new byte[Math.max(length, scratch.length * 2)];
            }
            vector.getDataBuffer().getBytes(start, scratch, 0, length);
            return length;
        }
    }

    /** Text that DuckDB has already made JSON. */
    record JsonText(VarCharVector vector) implements Cell.Bare {
        @Override
        public void plain(int row, Utf8Buffer out) {
            byte[] text = vector.get(row);
            out.write(text, 0, text.length);
        }
    }

    /** Bytes as base64. */
    record Binary(VarBinaryVector vector) implements Cell.Quoted {
        @Override
        public void plain(int row, Utf8Buffer out) {
            byte[] encoded = Base64.getEncoder().encode(vector.get(row));
            out.write(encoded, 0, encoded.length);
        }
    }

    /** Whatever else DuckDB may bring. */
    record Printed(FieldVector vector) implements Cell {
        @Override
        public void json(int row, Utf8Buffer out) {
            out.jsonString(String.valueOf(vector.getObject(row)));
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            byte[] text = String.valueOf(vector.getObject(row)).getBytes(StandardCharsets.UTF_8);
            out.write(text, 0, text.length);
        }
    }
}
