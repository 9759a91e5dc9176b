package dev.serai.kill;

/** What a dataset's sync is doing. */
public enum Phase {
    /** It asks the source; no row has come yet. */
    OPENING,
    /** Rows come in and are staged. */
    READING,
    /** The keys of all rows come in, to find what was deleted. */
    KEYS,
    /** All is read; files are written, or the rows are merged with those that are there. */
    MERGING,
    /** The files lie in the table's folder, and the commit that makes them part of it is not there yet. */
    BEFORE_COMMIT,
    /** The commit is there, and the process that made it does not know yet. */
    COMMITTED,
    /** The process knows, and tells the metadata. */
    NOTING,
    /** No dataset is being worked on: a run begins or ends. */
    BETWEEN
}
