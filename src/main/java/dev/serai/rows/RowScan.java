package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A source made readable by SQL: {@link #relation()} can be selected from once, on the DuckDB database it was opened
 * for. Closing releases everything, the source too.
 */
public final class RowScan implements AutoCloseable {

    /**
     * Reads nothing yet of a {@link BatchSource}; a {@link TextSource} is spooled to a file.
     *
     * @param staging an existing folder for spooled text; the file is gone after closing
     * @param rowsSoFar told the number of rows read so far, a few times a second at most
     * @throws dev.serai.failure.FailureException when the text cannot be read
     */
    public static RowScan open(Connection duckdb, RowSource rows, Path staging, LongConsumer rowsSoFar) {
        throw new UnsupportedOperationException();
    }

    /** The columns of {@link #relation()}; names that differ only in case got a suffix. */
    public List<Column> columns() {
        throw new UnsupportedOperationException();
    }

    /** What stands behind FROM: a parenthesised SELECT. */
    public String relation() {
        throw new UnsupportedOperationException();
    }

    /** Final once the relation was read to its end. */
    public List<RowWarning> warnings() {
        throw new UnsupportedOperationException();
    }

    /** What to throw when a statement on the relation failed: the source's own failure where it was the reason. */
    public RuntimeException failure(SQLException e) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
