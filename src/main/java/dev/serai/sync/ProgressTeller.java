package dev.serai.sync;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how far a run's datasets are: in the journal, whenever there is news, and now and then in the log. */
final class ProgressTeller {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressTeller.class);
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final RunJournal journal;

    ProgressTeller(RunJournal journal) {
        this.journal = journal;
    }

    /** Asked for once a second. */
    void tell(ActiveRun run) {
        long now = System.nanoTime();
        for (DatasetSync sync : run.work().working()) {
            sync.progress().news(now).ifPresent(progress -> {
                journal.progress(run, run.work().result(sync.dataset().id()), progress);
                if (sync.progress().quietFor(QUIET, now)) {
                    log(run, sync, progress);
                }
            });
        }
    }

    private static void log(ActiveRun run, DatasetSync sync, Progress progress) {
        run.named(() -> LOG.info("Dataset {} is on its way: {}", sync.dataset().name(), Amounts.of(progress)));
    }
}
