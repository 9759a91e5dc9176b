package dev.serai.connector.sql.postgres;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a model's tables are read next? Whoever is free takes the next range, so it does not matter how unevenly
 * the rows lie: a range with far more than the others holds up one connection, and the others go on.
 *
 * <p>How many blocks there are was asked in the snapshot, and what it sees lies in them; the last range of a table has no
 * end all the same, so that nothing depends on it.
 */
final class BlockRanges {
    /** What one COPY is to bring at most, as the table lies on disk. */
    private static final long MOST_BYTES = 32L << 20;

    /** Below that, to start a COPY costs more than it brings. */
    private static final long LEAST_BYTES = 512L << 10;

    /** Ranges for each connection, where they are not bounded otherwise: the last ones are to end at nearly the same time. */
    private static final int A_CONNECTION = 8;

    /**
     * A table.
     *
     * @param from what stands behind FROM
     * @param bytes what its rows take, also what lies outside of the table's own blocks
     */
    record Heap(String from, long blocks, long bytes) {}

    /** @param end the first block that does not belong to it; -1 for all there are */
    record Range(String from, long start, long end) {
        /** On the address of a row. */
        String condition() {
            String above = "ctid >= '(" + start + ",0)'::pg_catalog.tid";
            return end < 0 ? above : above + " AND ctid < '(" + end + ",0)'::pg_catalog.tid";
        }
    }

    private final List<Heap> heaps;
    private final long rangeBytes;
    private int heap;
    private long block;

    private BlockRanges(List<Heap> heaps, long rangeBytes) {
        this.heaps = heaps;
        this.rangeBytes = rangeBytes;
    }

    static BlockRanges of(List<Heap> heaps, int connections) {
        long share = heaps.stream().mapToLong(Heap::bytes).sum() / ((long) A_CONNECTION * connections);
        return new BlockRanges(List.copyOf(heaps), Math.max(LEAST_BYTES, Math.min(MOST_BYTES, share)));
    }

    /** How many there are at the beginning. */
    long count() {
        return heaps.stream()
                .mapToLong(one -> Math.max(1, (one.blocks() + step(one) - 1) / step(one)))
                .sum();
    }

    /** Null when all are given away. */
    synchronized @Nullable Range next() {
        if (heap == heaps.size()) {
            return null;
        }
        Heap current = heaps.get(heap);
        long start = block;
        long end = start + step(current);
        if (end < current.blocks()) {
            block = end;
            return new Range(current.from(), start, end);
        }
        heap++;
        block = 0;
        return new Range(current.from(), start, -1);
    }

    private long step(Heap one) {
        long bytesOfBlock = Math.max(1, one.bytes() / Math.max(1, one.blocks()));
        return Math.max(1, rangeBytes / bytesOfBlock);
    }
}
