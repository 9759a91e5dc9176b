package dev.serai.query;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.query.ParsedSql.TableReference;
import dev.serai.query.Wire.Frame;
import dev.serai.query.Wire.Kind;

/**
 * One statement in a process of its own, which is killed when the statement takes more time or memory than it may or
 * when its asker is gone: DuckDB itself hears of neither within a function's call. One thread uses it at a time.
 */
final class QueryRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryRun.class);
    private static final long LOOK_MILLIS = 50;
    private static final int LOOKS_PER_QUESTION = 10;

    /** Plenty for a process to start. */
    private static final Duration START = Duration.ofSeconds(30);

    private final Workers workers;
    private final Worker worker;
    private final Slots.Slot slot;
    private final Asker asker;
    private long deadline;
    private final Future<?> watch;
    private int looks;
    private boolean waiting;
    private boolean complete;
    private boolean closed;
    private @Nullable Failure stopped;

    QueryRun(Workers workers, Worker worker, Slots.Slot slot, Asker asker, ScheduledExecutorService clock) {
        this.workers = workers;
        this.worker = worker;
        this.slot = slot;
        this.asker = asker;
        this.deadline = fromNow(workers.limits().time().plus(START));
        this.watch = clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static long fromNow(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /** The tables that the statement names, if it is one that may be run. Its time counts from now on. */
    List<TableReference> ask(Wire.Ask ask) {
        return talk(() -> {
                    worker.awaitStart();
                    allow(workers.limits().time());
                    worker.wire().send(Kind.ASK, ask);
                    return worker.wire().receive();
                })
                .as(Wire.Names.class)
                .tables();
    }

    /** The statement's rows, once the first are there. */
    ResultStream answer(List<NamedTable> tables, ResultFormat format) {
        Frame first = talk(() -> {
            worker.wire().send(Kind.TABLES, new Wire.Tables(tables));
            return worker.wire().receive();
        });
        return new RunStream(this, format, first);
    }

    /** The statement's tables are not there: nothing is to be run. */
    void dismiss() {
        try {
            worker.wire().send(Kind.TABLES);
            complete = true;
        } catch (IOException e) {
            LOG.debug("The process that was not needed is gone", e);
        }
    }

    Frame next() {
        return talk(() -> worker.wire().receive());
    }

    private Frame talk(Talk talk) {
        try {
            waiting(true);
            Frame frame = talk.frame();
            waiting(false);
            complete = frame.kind() == Kind.END || frame.kind() == Kind.FAILED;
            if (frame.kind() == Kind.FAILED) {
                throw frame.as(Wire.Failed.class).exception();
            }
            return frame;
        } catch (IOException e) {
            waiting(false);
            throw new FailureException(broken(e), e);
        }
    }

    private synchronized void allow(Duration time) {
        deadline = fromNow(time);
    }

    private synchronized void waiting(boolean now) {
        waiting = now;
        if (now && stopped != null) {
            throw new FailureException(stopped);
        }
    }

    /** Why there is nothing more to hear. */
    private Failure broken(IOException error) {
        synchronized (this) {
            if (stopped != null) {
                return stopped;
            }
        }
        try {
            if (worker.endedForMemory()) {
                return workers.limits().tooMuchMemory();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failure.Cancelled("The query was stopped.");
        }
        LOG.error("A query's process ended unexpectedly{}", error instanceof EOFException ? "" : " or went mad", error);
        return new Failure.Internal("The query brought its process to an end. The log has the cause.");
    }

    /** From the clock: whether it may go on. */
    private void look() {
        synchronized (this) {
            if (closed || stopped != null) {
                return;
            }
            boolean leave = waiting && ++looks % LOOKS_PER_QUESTION == 0 && asker.gone();
            if (System.nanoTime() - deadline > 0) {
                stopped = workers.limits().tooLate();
            } else if (worker.memory() > workers.limits().processBytes()) {
                stopped = workers.limits().tooMuchMemory();
            } else if (leave) {
                stopped = new Failure.Cancelled("The caller left.");
            } else {
                return;
            }
        }
        end();
    }

    /** Ends it from any thread; who waits for its rows hears that. */
    void cancel() {
        synchronized (this) {
            if (stopped == null) {
                stopped = new Failure.Cancelled("The answer was closed before its end.");
            }
        }
        close();
    }

    private void end() {
        watch.cancel(false);
        worker.kill();
        slot.close();
    }

    /** Gives back what it holds; a process that has not come to the end of its answer is killed. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!complete || stopped != null) {
                workers.discard(worker);
            } else {
                workers.giveBack(worker);
            }
        }
        watch.cancel(false);
        slot.close();
    }

    /** Says something and hears the answer. */
    private interface Talk {
        Frame frame() throws IOException;
    }
}
