package dev.serai.rows;

import java.util.Arrays;

/**
 * Some whole rows as they came, and where each of their fields begins. Its size in bytes is bounded, for a batch's number
 * of rows says nothing about that.
 */
final class PgCopyBlock {
    private static final int ENOUGH_BYTES = 1 << 20;
    private static final byte[] NOTHING = {};

    private final int columns;
    private final int capacity;
    private final byte[][] rows;
    private final int[] starts;
    private final int[] fields;
    private int count;
    private int bytes;

    PgCopyBlock(int columns, int capacity) {
        this.columns = columns;
        this.capacity = capacity;
        this.rows = new byte[capacity][];
        this.starts = new int[capacity];
        this.fields = new int[columns * capacity];
    }

    /** Lets go of the rows, too, which may be large. */
    void clear() {
        Arrays.fill(rows, 0, count, NOTHING);
        count = 0;
        bytes = 0;
    }

    boolean hasRoom() {
        return count < capacity && bytes < ENOUGH_BYTES;
    }

    /** Notes where the length of a field of the coming row is, from the row's beginning. */
    void field(int column, int offset) {
        fields[count * columns + column] = offset;
    }

    /** Adds the row whose fields were noted. */
    void row(byte[] piece, int start, int length) {
        rows[count] = piece;
        starts[count] = start;
        bytes += length;
        count++;
    }

    int count() {
        return count;
    }

    byte[] bytes(int row) {
        return rows[row];
    }

    /** Where in {@link #bytes} the length of a field is, and after it the field. */
    int offset(int row, int column) {
        return starts[row] + fields[row * columns + column];
    }
}
