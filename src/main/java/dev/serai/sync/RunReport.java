package dev.serai.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorSchedules;

/** Tells of what ended to those who do not ask: people by the log, machines by metrics. */
@Component
class RunReport {
    private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

    private final RunStore runs;
    private final SyncMetrics metrics;
    private final Clock clock;

    RunReport(RunStore runs, SyncMetrics metrics, Clock clock) {
        this.runs = runs;
        this.metrics = metrics;
        this.clock = clock;
    }

    void datasetEnded(ActiveRun run, DatasetSync sync, RunDataset outcome) {
        Long bytes = sync.progress().bytes();
        Duration took = sync.took();
        metrics.datasetEnded(run.connector().type(), outcome, took, bytes);
        run.came(bytes == null ? 0 : bytes);
        RunError error = outcome.error();
        if (error == null) {
            LOG.info(
                    "Dataset {} {} after {}: {} read{}, {} written",
                    outcome.name(),
                    outcome.status(),
                    Amounts.duration(took),
                    Amounts.rows(outcome.rowsRead()),
                    amount(bytes == null ? 0 : bytes),
                    Amounts.rows(outcome.rowsWritten()));
        } else {
            LOG.warn(
                    "Dataset {} failed after {} and {}: {} ({})",
                    outcome.name(),
                    Amounts.duration(took),
                    Amounts.rows(outcome.rowsRead()),
                    error.detail(),
                    error.code());
        }
    }

    /** An attempt failed, and another one follows. */
    void retried(ActiveRun run, DatasetSync failed) {
        Long bytes = failed.progress().bytes();
        metrics.retried(run.connector().type(), failed.rowsRead(), bytes);
        run.came(bytes == null ? 0 : bytes);
    }

    void runEnded(ActiveRun run, RunVerdict verdict) {
        Duration took = run.took();
        Connector connector = run.connector();
        metrics.runEnded(connector.type(), verdict.status(), took);
        long rows =
                run.work().results().stream().mapToLong(RunDataset::rowsRead).sum();
        LOG.info(
                "Sync of {} {} after {}: {} of {} datasets, {} read{}, {}/s",
                connector.slug(),
                verdict.status(),
                Amounts.duration(took),
                run.work().results().stream()
                        .filter(result -> result.status().equals("succeeded"))
                        .count(),
                run.work().size(),
                Amounts.rows(rows),
                amount(run.bytesRead()),
                Amounts.rows(Amounts.rate(rows, took)));
        if (verdict.status().equals("failed")) {
            tellHowOften(connector);
        }
    }

    /** Nothing where nobody counted them. */
    private static String amount(long bytes) {
        return bytes == 0 ? "" : " (" + Amounts.bytes(bytes) + ")";
    }

    private void tellHowOften(Connector connector) {
        List<Instant> next = ConnectorSchedules.fires(connector, clock.instant(), 1);
        try {
            int failures = runs.consecutiveFailures(List.of(connector.id())).getOrDefault(connector.id(), 0);
            if (failures > 0) {
                LOG.warn(
                        "The last {} of {} failed; {}",
                        failures == 1 ? "sync" : failures + " syncs",
                        connector.slug(),
                        next.isEmpty() ? "no schedule tries again" : "the schedule tries again at " + next.get(0));
            }
        } catch (RuntimeException e) {
            // The run's end is written down; this line is not worth more.
            LOG.warn("How often syncs of {} failed in a row cannot be told", connector.slug(), e);
        }
    }
}
