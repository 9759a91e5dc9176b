package dev.serai.rows;

/**
 * A finite set of rows that can be read once: what a connector's {@code read} or {@code query} answers with.
 *
 * <p>Opening one has fixed what will be read; the rows themselves travel only while DuckDB pulls them. Closing releases
 * what it holds (a connection, a file) and may happen at any time, also from another thread, to stop a read.
 */
public sealed interface RowSource extends AutoCloseable permits BatchSource, ScannedSource, TextSource {

    /**
     * How many bytes came from the source so far, as it sent them: what COPY or an answer's body consists of, without the
     * protocol around it and before anything is compressed; -1 where nobody counts them. From any thread.
     */
    default long bytesRead() {
        return -1;
    }

    /** Over how many connections the rows come, where the source knows {@code parallelism}. */
    default int connections() {
        return 1;
    }

    @Override
    void close();
}
