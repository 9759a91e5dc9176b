package dev.serai.connector;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/**
 * A call to a far system on its way: who waits for it can leave at any moment, and what the call itself waits for is
 * ended then.
 *
 * <p>It has a thread of its own, so that whoever waits is free at once, even where the far system does not let go. A
 * client that is asked for something registers how to end that, by {@link #onAbort}; what blocks in Java is interrupted.
 */
public final class OngoingCall {
    private static final ThreadLocal<@Nullable OngoingCall> CURRENT = new ThreadLocal<>();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "connector-call-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** How often to look whether the result is still wanted. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final CallTimes times;
    private final Cancellation abort = new Cancellation();
    private volatile boolean endMarked = true;
    private @Nullable Thread working;
    private int unbroken;
    private boolean interruptDue;

    OngoingCall(CallTimes times) {
        this.times = times;
    }

    /** The call that this thread works for. */
    public static Optional<OngoingCall> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    CallTimes times() {
        return times;
    }

    /** Notes an answer that ends only with its connection: one that breaks off looks like one that is whole. */
    void endsUnmarked() {
        endMarked = false;
    }

    boolean endMarked() {
        return endMarked;
    }

    /** What ends a piece of the call when it is aborted; runs at once where it already was. Closed when that piece is over. */
    public Cancellation.Registration onAbort(Runnable end) {
        return abort.onRequest(end);
    }

    /**
     * Does something that must not be interrupted, such as to ask the metadata database: an interrupted thread would close
     * the files of an H2 under everybody.
     */
    public static <T> T unbroken(Supplier<T> work) {
        OngoingCall call = CURRENT.get();
        if (call == null) {
            return work.get();
        }
        call.enter();
        try {
            return work.get();
        } finally {
            call.leave();
        }
    }

    /** An interrupt that came while nothing blocked is still pending, and is due only afterwards. */
    private synchronized void enter() {
        if (Thread.interrupted()) {
            interruptDue = true;
        }
        unbroken++;
    }

    private synchronized void leave() {
        unbroken--;
        if (unbroken == 0 && interruptDue) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does the call's work and waits for its result; a call that this thread is in takes this one with it when it is
     * aborted.
     *
     * @param left asked now and then whether nobody wants the result any more
     * @param unwanted gets the result, or null where there is none, of work that ended when nobody waited any more
     * @throws FailureException the work's own; {@code timeout}, {@code cancelled} where it was left
     */
    <T> T await(
            Duration time,
            Cancellation cancellation,
            BooleanSupplier left,
            Callable<T> work,
            Consumer<@Nullable T> unwanted) {
        CompletableFuture<T> result = new CompletableFuture<>();
        @Nullable Map<String, String> context = MDC.getCopyOfContextMap();
        THREADS.execute(() -> work(result, context, work, unwanted));
        Runnable stop = () -> leave(result, new Failure.Cancelled("The call was stopped."));
        try (Cancellation.Registration asked = cancellation.onRequest(stop);
                Cancellation.Registration around =
                        current().map(outer -> outer.onAbort(stop)).orElse(() -> {})) {
            wait(result, time, left);
            if (!result.isDone()) {
                leave(result, SourceFailures.timedOut());
            }
        } catch (InterruptedException e) {
            stop.run();
            Thread.currentThread().interrupt();
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            throw SourceFailures.exception(e);
        }
    }

    /** Until it is done, its time is over, or nobody wants it any more. */
    private void wait(CompletableFuture<?> result, Duration time, BooleanSupplier left) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        long rest = time.toNanos();
        while (rest > 0) {
            try {
                result.get(Math.min(rest, LOOK.toNanos()), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                if (left.getAsBoolean()) {
                    leave(result, new Failure.Cancelled("Whoever asked has left."));
                    return;
                }
                rest = deadline - System.nanoTime();
            } catch (ExecutionException e) {
                // Told by whoever joins the result.
                return;
            }
        }
    }

    private void leave(CompletableFuture<?> result, Failure why) {
        if (result.completeExceptionally(new FailureException(why))) {
            abort();
        }
    }

    private <T> void work(
            CompletableFuture<T> result,
            @Nullable Map<String, String> context,
            Callable<T> work,
            Consumer<@Nullable T> unwanted) {
        @Nullable T value = null;
        @Nullable Throwable failed = null;
        begin(context);
        try {
            value = work.call();
        } catch (Throwable e) {
            // Whoever waits gets it.
            failed = e;
        } finally {
            end();
        }
        boolean wanted = failed == null ? result.complete(value) : result.completeExceptionally(failed);
        if (!wanted) {
            unwanted.accept(value);
        }
    }

    private void begin(@Nullable Map<String, String> context) {
        if (context != null) {
            MDC.setContextMap(context);
        }
        CURRENT.set(this);
        synchronized (this) {
            working = Thread.currentThread();
        }
    }

    /** The thread serves another call next, which an interrupt meant for this one must not reach. */
    private void end() {
        CURRENT.remove();
        MDC.clear();
        synchronized (this) {
            working = null;
            Thread.interrupted();
        }
    }

    /** Whether nobody waits for it any more. */
    boolean aborted() {
        return abort.requested();
    }

    /** Ends what the call has left open, such as an answer that was not read to its end. */
    void release() {
        abort.request();
    }

    /** Ends whatever the call waits for, without waiting for that end. */
    private void abort() {
        THREADS.execute(() -> {
            abort.request();
            interrupt();
        });
    }

    private synchronized void interrupt() {
        if (working != null && unbroken == 0) {
            working.interrupt();
        } else if (working != null) {
            interruptDue = true;
        }
    }
}
