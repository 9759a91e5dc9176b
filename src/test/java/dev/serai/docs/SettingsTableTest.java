package dev.serai.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The README's table of settings names every setting there is, and no other. */
class SettingsTableTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(SERAI_[A-Z_]+)`", Pattern.MULTILINE);

    @Test
    void namesEverySettingAndNoOther() throws IOException {
        var metadata = new ObjectMapper()
                .readTree(new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream());
        var declared = new TreeSet<String>();
        StreamSupport.stream(metadata.get("properties").spliterator(), false)
                .map(property -> property.get("name").asText())
                .filter(name -> name.startsWith("serai."))
                .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                .forEach(declared::add);

        var documented = new TreeSet<String>();
        ROW.matcher(Files.readString(Path.of("README.md"))).results().forEach(row -> documented.add(row.group(1)));

        assertThat(declared).isNotEmpty();
        assertThat(documented).isEqualTo(declared);
    }
}
