package dev.serai.rows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several sources of the same columns as one, such as come over a connection each. A cursor goes round, so that two of them
 * keep any number of connections flowing.
 *
 * @param parts of which each has as many partitions
 * @param onClose ends what they hold; may be called at any time, more than once and from any thread
 */
public record JoinedSource(List<? extends BatchSource> parts, long estimatedRows, List<RowNote> notes, Runnable onClose)
        implements BatchSource {
    public JoinedSource {
        parts = List.copyOf(parts);
        notes = List.copyOf(notes);
    }

    @Override
    public List<Column> columns() {
        return parts.get(0).columns();
    }

    @Override
    public int connections() {
        return parts.size();
    }

    @Override
    public int partitions() {
        return parts.get(0).partitions();
    }

    @Override
    public Cursor open(int partition) throws Exception {
        Cursor[] cursors = new Cursor[parts.size()];
        for (int i = 0; i < cursors.length; i++) {
            cursors[i] = parts.get(i).open(partition);
        }
        return new Round(cursors, partition);
    }

    @Override
    public List<RowWarning> warnings() {
        return parts.stream()
                .flatMap(part -> part.warnings().stream())
                .collect(Collectors.groupingBy(
                        warning -> List.of(warning.column(), warning.code()),
                        LinkedHashMap::new,
                        Collectors.summingLong(RowWarning::count)))
                .entrySet()
                .stream()
                .map(entry ->
                        new RowWarning(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
                .toList();
    }

    @Override
    public void close() {
        onClose.run();
    }

    private static final class Round implements Cursor {
        private final Cursor[] cursors;
        private int turn;

        Round(Cursor[] cursors, int turn) {
            this.cursors = cursors;
            this.turn = turn;
        }

        @Override
        public int next(RowBatch batch) throws Exception {
            for (int i = 0; i < cursors.length; i++) {
                int rows = cursors[Math.floorMod(turn++, cursors.length)].next(batch);
                if (rows > 0) {
                    return rows;
                }
            }
            return 0;
        }

        @Override
        public void close() throws Exception {
            for (Cursor cursor : cursors) {
                cursor.close();
            }
        }
    }
}
