package dev.serai.connector.sql;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;

/** How is said what went wrong at a source, whichever it is? */
public final class SqlFailures {
    private SqlFailures() {}

    public static Failure source(Layer layer, String code, String detail, boolean retryable) {
        return new Failure.Source(layer, code, detail, retryable);
    }

    public static Failure timeout(Layer layer, String detail) {
        return source(layer, "timeout", detail, true);
    }

    /** What follows it may hold more than people should see. */
    public static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
