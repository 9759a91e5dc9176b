package dev.serai.lake;

import java.util.List;
import java.util.Optional;

import dev.serai.rows.RowSource;

/** The tables of the lake: reads their versions and commits new ones. */
public class Lake {

    /** The newest version, or empty where nothing was ever committed. */
    public Optional<TableSnapshot> snapshot(TableId table) {
        throw new UnsupportedOperationException();
    }

    /** A version by its number, or empty where there is none such. */
    public Optional<TableSnapshot> snapshot(TableId table, long version) {
        throw new UnsupportedOperationException();
    }

    /** Replaces all rows in one commit; readers see the old version until then. Closes the source. */
    public CommitResult replace(TableId table, RowSource rows, CommitRequest request) {
        throw new UnsupportedOperationException();
    }

    /** All versions, newest first. */
    public List<TableVersion> history(TableId table) {
        throw new UnsupportedOperationException();
    }

    /** Removes the table with all its versions. */
    public void drop(TableId table) {
        throw new UnsupportedOperationException();
    }
}
