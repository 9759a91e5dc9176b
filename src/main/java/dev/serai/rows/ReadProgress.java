package dev.serai.rows;

/** Who is told how far a read has come; called by threads of DuckDB's, which it must not keep waiting. */
@FunctionalInterface
public interface ReadProgress {
    /** A few times a second at most, and once at the end. Of text only at the end it is known how many rows it has. */
    void rows(long soFar);

    /** The source has given all it has; what is done from now on is done without it. */
    default void complete() {}
}
