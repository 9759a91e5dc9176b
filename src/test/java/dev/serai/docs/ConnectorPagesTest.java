package dev.serai.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import dev.serai.catalog.Catalog;
import dev.serai.settings.SeraiSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pages under {@code docs/connectors} say what the Kamelets declare. {@code -Dserai.docs.write=true} writes them
 * anew.
 */
class ConnectorPagesTest {
    private static final Path PAGES = Path.of("docs/connectors");

    @Test
    void sayWhatTheKameletsDeclare(@TempDir Path empty) throws Exception {
        Map<String, String> generated;
        try (var camel = new DefaultCamelContext()) {
            var settings = new Binder(
                            new MapConfigurationPropertySource(Map.of("serai.kamelets-dir", empty.toString())))
                    .bindOrCreate("serai", SeraiSettings.class);
            var catalog = new Catalog(settings, camel);
            assertThat(catalog.problems()).isEmpty();
            generated =
                    catalog.types().stream().collect(Collectors.toMap(type -> type.type() + ".md", ConnectorPage::of));
        }
        assertThat(generated).isNotEmpty();

        if (Boolean.getBoolean("serai.docs.write")) {
            write(generated);
        }
        assertThat(written())
                .as(
                        "docs/connectors; write them anew with ./mvnw test -Dtest=ConnectorPagesTest -Dserai.docs.write=true")
                .isEqualTo(new TreeMap<>(generated));
    }

    private static void write(Map<String, String> pages) throws IOException {
        Files.createDirectories(PAGES);
        for (Path old : files()) {
            Files.delete(old);
        }
        for (var page : pages.entrySet()) {
            Files.writeString(PAGES.resolve(page.getKey()), page.getValue());
        }
    }

    private static Map<String, String> written() throws IOException {
        var pages = new TreeMap<String, String>();
        for (Path file : files()) {
            pages.put(file.getFileName().toString(), Files.readString(file));
        }
        return pages;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.toList();
        }
    }
}
