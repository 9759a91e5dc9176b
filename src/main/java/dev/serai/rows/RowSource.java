package dev.serai.rows;

/**
 * A finite set of rows that can be read once: what a connector's {@code read} or {@code query} answers with.
 *
 * <p>Opening one has fixed what will be read; the rows themselves travel only while DuckDB pulls them. Closing releases
 * what it holds (a connection, a file) and may happen at any time, also from another thread, to stop a read.
 */
public sealed interface RowSource extends AutoCloseable permits BatchSource, TextSource {
    @Override
    void close();
}
