package dev.serai.settings;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SeraiSettingsTest {

    @Test
    void theLakeIsAFolderByPathOrByUri() {
        assertThat(lakeDir(Map.of("serai.data-dir", "/d"))).isEqualTo(Path.of("/d/lake"));
        assertThat(lakeDir(Map.of("serai.lake-uri", "/l/a k e"))).isEqualTo(Path.of("/l/a k e"));
        assertThat(lakeDir(Map.of("serai.lake-uri", "file:///l/a%20b"))).isEqualTo(Path.of("/l/a b"));
    }

    @Test
    void aLakeInAnObjectStoreIsRefusedAndNotMadeAFolder() {
        assertThatThrownBy(() -> lakeDir(Map.of("serai.lake-uri", "s3://bucket/lake")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SERAI_LAKE_URI");
    }

    private static Path lakeDir(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("serai", SeraiSettings.class)
                .lakeDir();
    }
}
