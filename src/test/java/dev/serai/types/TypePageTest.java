package dev.serai.types;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The pages say what the tables of types say. {@code -Dserai.docs.write=true} writes them anew. */
class TypePageTest {

    @Test
    void saysWhatTheTableOfPostgresSays() throws Exception {
        says(Path.of("docs/postgresql-types.md"), TypePage.postgresql());
    }

    @Test
    void saysWhatTheTableOfMariaDbSays() throws Exception {
        says(Path.of("docs/mariadb-types.md"), TypePage.mariadb());
    }

    private static void says(Path page, String text) throws Exception {
        if (Boolean.getBoolean("serai.docs.write")) {
            Files.writeString(page, text);
        }
        assertThat(Files.readString(page))
                .as("%s; write it anew with ./mvnw test -Dtest=TypePageTest -Dserai.docs.write=true", page)
                .isEqualTo(text);
    }
}
