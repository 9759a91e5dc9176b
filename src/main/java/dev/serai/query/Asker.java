package dev.serai.query;

/** Whether whoever asked a query still waits for its answer. */
@FunctionalInterface
public interface Asker {
    /** One of whom nothing is known. */
    Asker PATIENT = () -> false;

    /** Called now and then, while the answer is computed and nobody writes to the asker. */
    boolean gone();
}
