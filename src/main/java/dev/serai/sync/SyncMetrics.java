package dev.serai.sync;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts runs, datasets, rows, time and warnings, by connector type and outcome or code. */
@Component
class SyncMetrics {
    private final MeterRegistry registry;

    SyncMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void runEnded(String type, String outcome, Duration took) {
        registry.timer("serai.sync.runs", "type", type, "outcome", outcome).record(took);
    }

    void datasetEnded(String type, RunDataset outcome, Duration took) {
        registry.timer("serai.sync.datasets", "type", type, "outcome", outcome.status())
                .record(took);
        registry.counter("serai.sync.rows.read", "type", type).increment(outcome.rowsRead());
        registry.counter("serai.sync.rows.written", "type", type).increment(outcome.rowsWritten());
        outcome.warnings()
                .forEach(warning -> registry.counter("serai.sync.warnings", "type", type, "code", warning.code())
                        .increment());
    }
}
