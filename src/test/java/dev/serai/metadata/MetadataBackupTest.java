package dev.serai.metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataBackupTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyItsOwnerSeesTheCopyAndWhatAKilledOneLeftIsRemoved(@TempDir Path data) throws Exception {
        SeraiSettings settings = Settings.of(Map.of("serai.data-dir", data.toString()));
        Path folder = Files.createDirectories(data.resolve("backup"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve(".0b5f0f2e-53f7-4a2c-8f0f-3d7f4c6f4a55.zip"), "half");
        Files.writeString(folder.resolve(".0b5f0f2e-53f7-4a2c-8f0f-3d7f4c6f4a55.tmp"), "half");
        try (HikariDataSource database = MetadataDatabase.open(settings)) {
            assertThat(new MetadataBackup(JdbcClient.create(database), settings).write())
                    .isPositive();
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(folder).isDirectoryContaining("glob:**serai.mv.db");
        assertThat(folder.toFile().list()).hasSize(1);
    }
}
