package dev.serai.types;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page says what the table of types says. {@code -Dserai.docs.write=true} writes it anew. */
class TypePageTest {
    private static final Path PAGE = Path.of("docs/postgresql-types.md");

    @Test
    void saysWhatTheTableSays() throws Exception {
        if (Boolean.getBoolean("serai.docs.write")) {
            Files.writeString(PAGE, TypePage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("%s; write it anew with ./mvnw test -Dtest=TypePageTest -Dserai.docs.write=true", PAGE)
                .isEqualTo(TypePage.text());
    }
}
