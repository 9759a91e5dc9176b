package dev.serai.rows;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a JDBC result, read value by value into column batches without an object for each. Two cursors take turns
 * in reading, so that DuckDB works on one's batch while the other's is read; the rows come in order within a batch only
 * unless there is one cursor.
 *
 * <p>Days that no calendar has, such as {@code 0000-00-00}, become NULL and are counted in {@link #warnings()}.
 */
public final class JdbcSource implements BatchSource {

    /** A column and the form in which the driver gives its values. */
    public record Field(Column column, JdbcForm form) {}

    /** Where the rows come from. */
    public interface Results {
        /**
         * Starts the query, or gives what was started; called at most once, on a thread of DuckDB's. Null: there is nothing
         * left to read.
         */
        @Nullable
        ResultSet open() throws Exception;

        /** Starts another query of the same columns, once the one before has ended; null: that was all. */
        default @Nullable ResultSet more() throws Exception {
            return null;
        }

        /** All rows have been read. */
        void ended();

        /** What the driver's exception means, with it as the cause. */
        RuntimeException failed(SQLException e);

        /** Ends it; may be called at any time, more than once and from any thread, and makes a waiting read fail. */
        void stop();
    }

    private final List<Field> fields;
    private final long estimatedRows;
    private final Results results;
    private final int cursors;
    private final WarningCounter warnings = new WarningCounter();
    private long left;
    private @Nullable ResultSet result;
    private @Nullable RuntimeException failure;
    private boolean ended;

    private JdbcSource(List<Field> fields, long estimatedRows, long limit, int cursors, Results results) {
        this.fields = List.copyOf(fields);
        this.estimatedRows = estimatedRows;
        this.left = limit;
        this.cursors = cursors;
        this.results = results;
    }

    /**
     * In no particular order.
     *
     * @param estimatedRows for progress, or -1
     */
    public static JdbcSource bulk(List<Field> fields, long estimatedRows, Results results) {
        return new JdbcSource(fields, estimatedRows, Long.MAX_VALUE, 2, results);
    }

    /** In the result's order, and no more than {@code limit}. */
    public static JdbcSource ordered(List<Field> fields, long limit, Results results) {
        return new JdbcSource(fields, -1, limit, 1, results);
    }

    @Override
    public List<Column> columns() {
        return fields.stream().map(Field::column).toList();
    }

    @Override
    public long estimatedRows() {
        return estimatedRows;
    }

    @Override
    public int partitions() {
        return cursors;
    }

    @Override
    public Cursor open(int partition) {
        return new Reading(IntStream.range(0, fields.size())
                .mapToObj(i -> JdbcReaders.of(fields.get(i), i + 1, warnings))
                .toArray(JdbcReader[]::new));
    }

    @Override
    public List<RowWarning> warnings() {
        return warnings.warnings();
    }

    @Override
    public void close() {
        results.stop();
    }

    /** After a failure it is that failure for every cursor. */
    private synchronized int fill(JdbcReader[] readers, RowBatch batch) throws Exception {
        if (failure != null) {
            throw failure;
        }
        try {
            return ended ? 0 : read(readers, batch);
        } catch (SQLException e) {
            failure = results.failed(e);
            throw failure;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private int read(JdbcReader[] readers, RowBatch batch) throws Exception {
        ResultSet from = result;
        if (from == null) {
            from = results.open();
            result = from;
            if (from == null) {
                return end();
            }
        }
        int row = 0;
        while (batch.takes(row)) {
            if (left == 0) {
                ended = true;
                return row;
            }
            if (!from.next()) {
                from = results.more();
                if (from == null) {
                    end();
                    return row;
                }
                result = from;
                continue;
            }
            for (int i = 0; i < readers.length; i++) {
                readers[i].read(from, batch.column(i), row);
            }
            left--;
            row++;
        }
        return row;
    }

    private int end() {
        ended = true;
        results.ended();
        return 0;
    }

    private final class Reading implements Cursor {
        private final JdbcReader[] readers;

        Reading(JdbcReader[] readers) {
            this.readers = readers;
        }

        @Override
        public int next(RowBatch batch) throws Exception {
            return fill(readers, batch);
        }

        @Override
        public void close() {
            // The result is shared; whoever opened the source ends it.
        }
    }
}
