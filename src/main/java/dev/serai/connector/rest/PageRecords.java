package dev.serai.connector.rest;

import java.io.IOException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** The records of one page as they come, each as one line of text. */
interface PageRecords {
    /** Of one record, as text: what DuckDB takes for a JSON object unless told otherwise. */
    int MAX_RECORD = (1 << 24) - 1;

    /** The next one with its line feed; null at the end, which was then seen to be one. */
    byte @Nullable [] next() throws IOException;

    /** A plain value of the page outside its records; told once the page was read to its end. */
    Optional<String> value(RecordPath path);

    /** A plain value of the last record; empty where it has none. */
    Optional<String> lastOf(String field);

    /** Whether lines are CSV, the first one the header. */
    default boolean isCsv() {
        return false;
    }
}
