package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A source made readable by SQL: {@link #relation()} can be selected from once, on the DuckDB database it was opened
 * for. Closing releases everything, the source too.
 */
public abstract class RowScan implements AutoCloseable {
    private final List<Column> columns;
    private final String relation;

    protected RowScan(List<Column> columns, String relation) {
        this.columns = columns;
        this.relation = relation;
    }

    /**
     * Reads nothing yet of a {@link BatchSource}; a {@link TextSource} is spooled to a file. Closes the source where it
     * fails.
     *
     * @param staging an existing folder for spooled text; the file is gone after closing
     * @param progress told how far it has come
     * @throws dev.serai.failure.FailureException when the text cannot be read
     */
    public static RowScan open(Connection duckdb, RowSource rows, Path staging, ReadProgress progress) {
        return open(duckdb, rows, staging, progress, List.of());
    }

    /** @param into columns that the rows are to come into; a nested one stays JSON text where it is text there */
    public static RowScan open(
            Connection duckdb, RowSource rows, Path staging, ReadProgress progress, List<Column> into) {
        try {
            if (rows instanceof TextSource text) {
                return TextScan.spool(duckdb, text, staging, progress, into);
            }
            if (rows instanceof ScannedSource scanned) {
                return scanned.scan(duckdb, staging);
            }
            return BatchScan.offer(duckdb, (BatchSource) rows, progress);
        } catch (SQLException e) {
            rows.close();
            throw new IllegalStateException("DuckDB did not take the rows", e);
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /**
     * The columns of {@link #relation()}; names that differ only in case got a suffix. None where an empty text does not
     * name any: the relation then has one nameless column and no row.
     */
    public final List<Column> columns() {
        return columns;
    }

    /** What stands behind FROM: a parenthesised SELECT. */
    public final String relation() {
        return relation;
    }

    /**
     * To be called once the relation was read to its end, before its rows are made anybody's.
     *
     * @param rows how many it had
     * @throws dev.serai.failure.FailureException where they must not be made anybody's
     */
    public void read(long rows) {
        // Most sources have nothing to do then.
    }

    /** Final once the relation was read to its end. */
    public abstract List<RowWarning> warnings();

    /** What to throw when a statement on the relation failed: the source's own failure where that was the reason. */
    public abstract RuntimeException failure(SQLException e);

    @Override
    public abstract void close();
}
