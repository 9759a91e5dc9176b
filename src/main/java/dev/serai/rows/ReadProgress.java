package dev.serai.rows;

/** Who is told how far a read has come; called by threads of DuckDB's, which it must not keep waiting. */
@FunctionalInterface
public interface ReadProgress {
    /**
     * With each batch, and at the end. Threads may overtake each other, so only the most that was told counts. Nothing is
     * told of text, whose rows nobody has counted yet.
     */
    void rows(long soFar);

    /** The source has given all it has; what is done from now on is done without it. */
    default void complete() {}
}
