package dev.serai.sync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How is a run stopped before its end? Within seconds: what nobody has begun ends at once, what is being done is asked to
 * let go, and what does not is left behind, unless it is a commit.
 */
final class RunStop {
    private static final Logger LOG = LoggerFactory.getLogger(RunStop.class);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final RunRegister register;
    private final Turns turns;
    private final Settlement settlement;
    private final SyncThreads threads;
    private final Runnable freed;

    /** @param freed called when workers may have become free */
    RunStop(RunRegister register, Turns turns, Settlement settlement, SyncThreads threads, Runnable freed) {
        this.register = register;
        this.turns = turns;
        this.settlement = settlement;
        this.threads = threads;
        this.freed = freed;
    }

    /** Stops a run without waiting for it. */
    void stop(ActiveRun run, ActiveRun.Stop why) {
        threads.closers()
                .execute(() -> run.named(() -> {
                    // First what works: to write down anything may take long, as where the metadata database is away.
                    List<DatasetSync> dropped = run.work().stop(why);
                    threads.closers().execute(() -> run.named(run.preparation()::request));
                    for (DatasetSync working : run.work().working()) {
                        threads.closers().execute(() -> run.named(working.cancellation()::request));
                    }
                    settle(run, dropped, why);
                    if (!register.finish(run) && !run.done().isDone()) {
                        threads.later(GRACE, () -> abandon(run));
                    }
                }));
    }

    /** Ends what will never be begun, or tried again. */
    void drop(ActiveRun run, ActiveRun.Stop why) {
        settle(run, run.work().stop(why), why);
    }

    private void settle(ActiveRun run, List<DatasetSync> unbegun, ActiveRun.Stop why) {
        for (DatasetSync dropped : unbegun) {
            RunDataset dataset = run.work().result(dropped.dataset().id());
            settlement.settle(
                    run,
                    Ending.without(
                            dropped,
                            dropped.first() ? Outcomes.dropped(dataset, why) : Outcomes.stopped(dataset, 0, why)));
        }
    }

    /** Ends what did not let go in time, and frees its worker; what it still does counts no more. */
    private void abandon(ActiveRun run) {
        run.named(() -> {
            Map<Boolean, List<DatasetSync>> working = run.work().working().stream()
                    .collect(Collectors.partitioningBy(
                            sync -> sync.cancellation().tooLate()));
            List<DatasetSync> left = working.getOrDefault(false, List.of());
            for (DatasetSync sync : left) {
                LOG.warn(
                        "Dataset {} does not let go of its source",
                        sync.dataset().name());
                run.work().stopped().ifPresent(why -> settlement.settle(run, stopped(run, sync, why)));
                turns.done(new Turn(run, sync));
            }
            run.work().abandon(left);
            turns.done(new Turn(run, null));
            if (!register.finish(run) && !run.done().isDone()) {
                // A commit is going on, and only its end tells how the dataset ended.
                threads.later(GRACE, () -> abandon(run));
            }
            freed.run();
        });
    }

    private static Ending stopped(ActiveRun run, DatasetSync sync, ActiveRun.Stop why) {
        RunDataset dataset = run.work().result(sync.dataset().id());
        return Ending.without(sync, Outcomes.stopped(dataset, sync.rowsRead(), why));
    }
}
