package dev.serai.connector.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** Walks the steps of a connector's test one by one, within a time for all of them, and writes down how each went. */
public final class ProbeSteps {
    private final long start = System.nanoTime();
    private final long limit;
    private final List<TestResult.Step> steps = new ArrayList<>();
    private @Nullable String error;
    private @Nullable String category;

    ProbeSteps(Duration limit) {
        this.limit = limit.toNanos();
    }

    /** What is left of the time for all steps, at least a little. */
    Duration left() {
        return Duration.ofNanos(Math.max(
                limit - (System.nanoTime() - start), Duration.ofMillis(1).toNanos()));
    }

    /**
     * Tries one step. A failure of a later layer means that this step went well and a later one did not.
     *
     * @throws FailureException when it failed; it has been written down
     */
    public <T> T step(Layer layer, Supplier<T> attempt) {
        long began = System.nanoTime();
        try {
            T result = attempt.get();
            succeeded(layer, began);
            return result;
        } catch (FailureException e) {
            Layer failed = layerOf(e.failure(), layer);
            if (failed != layer) {
                succeeded(layer, began);
                began = System.nanoTime();
            }
            failed(failed, began, e.failure());
            throw e;
        }
    }

    /** Tries a step that may turn out to be none, by answering false; it is then not written down. */
    public void stepIfAny(Layer layer, BooleanSupplier attempt) {
        long began = System.nanoTime();
        try {
            if (attempt.getAsBoolean()) {
                succeeded(layer, began);
            }
        } catch (FailureException e) {
            failed(layer, began, e.failure());
            throw e;
        }
    }

    private void succeeded(Layer layer, long began) {
        steps.add(new TestResult.Step(layer.step(), true, millisSince(began), null));
    }

    private void failed(Layer layer, long began, Failure failure) {
        error = failure.detail();
        category = categoryOf(failure, layer);
        steps.add(new TestResult.Step(layer.step(), false, millisSince(began), error));
    }

    TestResult result() {
        return new TestResult(error == null, millisSince(start), error, category, List.copyOf(steps));
    }

    private static Layer layerOf(Failure failure, Layer trying) {
        return failure instanceof Failure.Source source && source.layer().compareTo(trying) > 0
                ? source.layer()
                : trying;
    }

    private static String categoryOf(Failure failure, Layer layer) {
        return failure instanceof Failure.Source source && source.timedOut() ? "timeout" : layer.step();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
