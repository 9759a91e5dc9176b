package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Which steps did a test walk, how long did each take, and which one failed? */
final class TestSteps {
    private final long began = System.nanoTime();
    private final List<TestResult.Step> steps = new CopyOnWriteArrayList<>();
    private volatile Failure.@Nullable Layer current;

    /** Walks one step; it is only told where it went well, the failure of another is for {@link #failed}. */
    <T> T walk(Failure.Layer layer, Supplier<T> step) {
        current = layer;
        long start = System.nanoTime();
        T result = step.get();
        steps.add(new TestResult.Step(layer.step(), true, since(start), null));
        return result;
    }

    TestResult succeeded() {
        return new TestResult(true, since(began), null, null, List.copyOf(steps));
    }

    /** The result when the failure ended the test: it names the step that failed, after those before it. */
    TestResult failed(FailureException thrown) {
        Failure failure = thrown.failure();
        String step = failure instanceof Failure.Source source ? source.layer().step() : step();
        String category = failure.code().equals("timeout")
                ? "timeout"
                : failure.code().equals(SourceFailures.RATE_LIMIT) ? SourceFailures.RATE_LIMIT : step;
        List<TestResult.Step> walked = new ArrayList<>();
        for (TestResult.Step before : steps) {
            if (before.name().equals(step)) {
                break;
            }
            walked.add(before);
        }
        long latency = since(began);
        long spent = walked.stream().mapToLong(TestResult.Step::latencyMs).sum();
        walked.add(new TestResult.Step(step, false, Math.max(0, latency - spent), failure.detail()));
        return new TestResult(false, latency, failure.detail(), category, List.copyOf(walked));
    }

    private String step() {
        return (current == null ? Failure.Layer.READ : current).step();
    }

    private static long since(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
