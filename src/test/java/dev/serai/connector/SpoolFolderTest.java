package dev.serai.connector;

import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class SpoolFolderTest {
    @Test
    void keepsLargeAnswersBelowTheDataFolder() {
        RunningSerai serai = RunningSerai.shared();

        assertThat(serai.bean(CamelContext.class).getStreamCachingStrategy().getSpoolDirectory())
                .isEqualTo(serai.folder().resolve("data/tmp/camel").toFile())
                .isDirectory();
    }
}
