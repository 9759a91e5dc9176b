package dev.serai.sync;

import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts syncs by connector type and outcome: runs, datasets, rows, bytes, time, warnings, retries, fires that started
 * nothing. No name or id is a label, so the number of series stays that of the types.
 */
@Component
class SyncMetrics {
    /** Why a fire started nothing. */
    enum Skip {
        MISSED,
        OVERLAP,
        REFUSED
    }

    private static final String TYPE = "type";
    private static final String OUTCOME = "outcome";

    private final MeterRegistry registry;

    SyncMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many datasets wait and how many are worked on, in this process. */
    void watch(IntSupplier waiting, IntSupplier working) {
        Gauge.builder("serai.sync.waiting", waiting, IntSupplier::getAsInt).register(registry);
        Gauge.builder("serai.sync.working", working, IntSupplier::getAsInt).register(registry);
    }

    void runEnded(String type, String outcome, Duration took) {
        registry.timer("serai.sync.runs", TYPE, type, OUTCOME, outcome).record(took);
    }

    /** @param bytesRead that came from the source; null where nobody counted them */
    void datasetEnded(String type, RunDataset outcome, Duration took, @Nullable Long bytesRead) {
        String how = outcome.status();
        registry.timer("serai.sync.datasets", TYPE, type, OUTCOME, how).record(took);
        came(type, how, outcome.rowsRead(), bytesRead);
        registry.counter("serai.sync.rows.written", TYPE, type, OUTCOME, how).increment(outcome.rowsWritten());
        registry.counter("serai.sync.bytes.written", TYPE, type, OUTCOME, how).increment(outcome.bytes());
        // There from the start: who wants to know how fast it grows needs the zero before.
        registry.counter("serai.sync.retries", TYPE, type).increment(0);
        outcome.warnings()
                .forEach(warning -> registry.counter("serai.sync.warnings", TYPE, type, "code", warning.code())
                        .increment());
    }

    /** What an attempt brought that is followed by another one. */
    void retried(String type, long rowsRead, @Nullable Long bytesRead) {
        registry.counter("serai.sync.retries", TYPE, type).increment();
        came(type, "retried", rowsRead, bytesRead);
    }

    private void came(String type, String outcome, long rows, @Nullable Long bytes) {
        registry.counter("serai.sync.rows.read", TYPE, type, OUTCOME, outcome).increment(rows);
        registry.counter("serai.sync.bytes.read", TYPE, type, OUTCOME, outcome).increment(bytes == null ? 0 : bytes);
    }

    void skipped(String type, Skip why, int fires) {
        registry.counter(
                        "serai.schedule.skipped",
                        TYPE,
                        type,
                        "reason",
                        why.name().toLowerCase(Locale.ROOT))
                .increment(fires);
    }

    /** How long after its time a fire was dealt with. */
    void fired(Duration late) {
        Timer.builder("serai.schedule.lateness").register(registry).record(late);
    }
}
