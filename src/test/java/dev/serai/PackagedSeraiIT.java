package dev.serai;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.PackagedSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** The jar as it is shipped: it starts with what is in it, and nothing that only tests have. */
class PackagedSeraiIT {
    @Test
    void startsLogsInAndHasItsTypes(@TempDir Path folder) {
        PackagedSerai serai = PackagedSerai.start(folder, List.of(), Map.of());
        try (serai) {
            assertThat(serai.nobody().get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(serai.admin().get("/api/connectors/catalog").text()).contains("\"type\":\"postgresql\"");
        }
        assertThat(serai.log()).doesNotContain(" ERROR ");
    }
}
