package dev.serai.kill;

import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

/** Processes that are killed at any moment of their syncs, and what the next ones make of it. */
class KilledSyncsTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledSyncsTest.class);

    @TempDir
    Path folder;

    @Test
    void loseDoubleAndEmptyNothing() throws Exception {
        long seed = Long.getLong("serai.kill.seed", System.nanoTime());
        Figures figures = run(MetadataStore.H2, seed, 8, 20);
        assertThat(figures.killed()).hasSize(8);
        assertThat(figures.runs()).isGreaterThanOrEqualTo(20);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void loseDoubleAndEmptyNothingAlsoAfterHundredsOfKills(MetadataStore metadata) throws Exception {
        long seed = Long.getLong("serai.kill.seed", System.nanoTime());
        Figures figures = run(metadata, seed, 100, 250);
        assertThat(figures.killed()).hasSize(100);
        assertThat(figures.killsByPhase().keySet()).containsExactlyInAnyOrder(Phase.values());
        assertThat(figures.runs()).isGreaterThanOrEqualTo(250);
    }

    private Figures run(MetadataStore metadata, long seed, int kills, int runs) throws Exception {
        LOG.info("-Dserai.kill.seed={} on {}", seed, metadata);
        Figures figures = new KillHarness(folder, metadata, seed).run(kills, runs);
        LOG.info("Seed {}:\n{}", seed, figures);
        return figures;
    }
}
